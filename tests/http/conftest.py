"""A gateway over a tiny schema, without a store: what is tested here is HTTP."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema
from graphql import execute as core_execute

from gql.errors import UserError, format_error
from gql.gateway import Gateway, Options
from gql.operation import Operations

SDL = """
type Query {
  hello(name: String): String
  numbers(first: Int): [Int!]!
  wrong: String
  broken: String
  need: String!
  slow(seconds: Float!): String
  echo(value: JSON): JSON
  self: Query
  named(filter: Filter): String
}
input Filter { title: String, not: Filter }
scalar JSON
type Mutation { write(text: String): String }
type Subscription { told: String }
"""


class Root:
    def hello(self, _info: Any, name: str | None = None) -> str:
        return f"Hello {name or 'world'}"

    def numbers(self, _info: Any, first: int | None = None) -> list[int]:
        return list(range(first or 20))

    def wrong(self, _info: Any) -> str:
        raise UserError('Argument "first" is 0; allowed are 1 to 100.')

    def broken(self, _info: Any) -> str:
        raise ValueError("the password is hunter2")

    def need(self, _info: Any) -> None:
        return None

    async def slow(self, _info: Any, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "done"

    def echo(self, _info: Any, value: Any = None) -> Any:
        return value

    def self(self, _info: Any) -> "Root":
        return self

    def named(self, _info: Any, filter: Any = None) -> str:
        return str(filter)


def tiny_schema() -> GraphQLSchema:
    return build_schema(SDL)


async def run_with_core(operation: Any, variables: Any, seen: Any) -> Any:
    result = core_execute(
        tiny_schema_once(),
        operation.document,
        Root(),
        variable_values=variables,
        operation_name=operation.name,
    )
    if asyncio.iscoroutine(result) or hasattr(result, "__await__"):
        result = await result
    errors = [format_error(error, seen.request_id) for error in result.errors or ()]
    executed = result.data is not None or any("path" in error for error in errors)
    return SimpleNamespace(data=result.data, errors=errors, extensions=None, executed=executed)


_SCHEMA: list[GraphQLSchema] = []


def tiny_schema_once() -> GraphQLSchema:
    if not _SCHEMA:
        _SCHEMA.append(tiny_schema())
    return _SCHEMA[0]


@dataclass
class Client:
    """Sends one request to an ASGI app and returns httpx's response."""

    app: Any

    def request(self, method: str, url: str = "/graphql", **kwargs: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://news") as client:
                return await client.request(method, url, **kwargs)

        with asyncio.Runner() as runner:
            return runner.run(send())

    def post(self, body: Any = None, /, **kwargs: Any) -> httpx.Response:
        if isinstance(body, bytes):
            headers = {"content-type": "application/json"} | kwargs.pop("headers", {})
            return self.request("POST", content=body, headers=headers, **kwargs)
        return self.request("POST", json=body, **kwargs)

    def ask(self, query: str, **kwargs: Any) -> httpx.Response:
        return self.post({"query": query}, **kwargs)


@pytest.fixture
def make_client() -> Callable[..., Client]:
    def make(
        *, limits: Any = None, introspection: bool = True, suggestions: bool = True, **options: Any
    ) -> Client:
        operations = Operations(
            tiny_schema_once(), limits, introspection=introspection, suggestions=suggestions
        )
        return Client(Gateway(operations, run_with_core, Options(**options)))

    return make


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()


__all__ = ["Client", "GraphQLError"]
