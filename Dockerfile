# The gateway in an image: GraphiQL built with Node, the package with Python, neither of the two
# workshops in what runs.

FROM node:22-bookworm-slim AS explorer
WORKDIR /explorer
COPY gql/explorer/package.json gql/explorer/package-lock.json gql/explorer/.npmrc ./
RUN npm ci
COPY gql/explorer ./
RUN npm run build

FROM python:3.13-slim-bookworm AS package
WORKDIR /newsstand
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY . .
COPY --from=explorer /explorer/dist gql/explorer/dist
RUN pip install --constraint constraints.txt '.[metrics,otel]'

FROM python:3.13-slim-bookworm
RUN useradd --create-home --uid 10001 newsstand
COPY --from=package /venv /venv
COPY --from=package /newsstand/seed/samples /samples
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 NEWSSTAND_HOST=0.0.0.0 NEWSSTAND_PORT=8000
USER newsstand
WORKDIR /home/newsstand
EXPOSE 8000
# It needs MONGODB_URI, since no MongoDB is in the image; docker-compose.yml sets it.
CMD ["newsstand", "serve"]
