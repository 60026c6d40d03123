// Mercurius with JIT from the first request. Its relations go through dataloaders as Yoga's and
// Apollo's do: its own loaders write each parent as a string for a key, which costs more.
import Fastify from "fastify";
import mercurius from "mercurius";
import { PORT, SCHEMA } from "./data.js";
import { contextOf, resolvers } from "./resolvers.js";

const app = Fastify();
await app.register(mercurius, {
  schema: SCHEMA,
  resolvers,
  jit: 1,
  graphiql: false,
  context: (request) => contextOf(request.body.operationName),
});
await app.listen({ host: "127.0.0.1", port: PORT });
process.on("SIGTERM", () => process.exit(0));
