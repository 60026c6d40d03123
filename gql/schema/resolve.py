"""The reference executor's resolvers, made from the specs of the fields.

Strawberry builds the schema; here each of its graphql-core fields gets a resolver made
from its ``Spec``. Arguments reach the spec's functions as graphql-core coerced them,
which is what the compiled executor hands them too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema

from gql.schema.fields import Args, Doc, Spec, SpecField
from gql.schema.selection import Reading, Selected, spec_of

if TYPE_CHECKING:
    from gql.context import Context

Resolver = Callable[..., Any]
Info = GraphQLResolveInfo[Any]


def install(schema: GraphQLSchema) -> None:
    """Gives every declared field of every object type its resolver."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                _seal(name, field)
                spec = spec_of(field)
                assert spec is not None, f"{type_.name}.{name} is not declared by gql.schema.fields"
                field.resolve = resolver(spec, has_args=bool(field.args))


def _seal(name: str, field: GraphQLField) -> None:
    """Puts the spec where ``spec_of`` finds it; a key that is not given is the field's name."""
    definition = field.extensions.get("strawberry-definition")
    if isinstance(definition, SpecField):
        spec = definition.spec
        if spec.kind in ("doc", "filled") and not spec.key:
            spec = replace(spec, key=name)
        field.extensions = {**field.extensions, "spec": spec}


def resolver(spec: Spec, *, has_args: bool) -> Resolver:
    """A graphql-core resolver for a spec."""
    if spec.kind == "doc":
        return _doc_resolver(spec)
    if spec.kind == "filled":
        return _filled_resolver(spec)
    if spec.kind == "derived":
        return _derived_resolver(spec, has_args)
    return _lookup_resolver(spec, has_args)


def _doc_resolver(spec: Spec) -> Resolver:
    key, default = spec.key, spec.default

    def resolve(doc: Doc, _info: Info) -> Any:
        value = doc.get(key)
        return default if value is None else value

    return resolve


def _filled_resolver(spec: Spec) -> Resolver:
    key, via, default = spec.key, spec.via, spec.default

    async def fill(doc: Doc, info: Info) -> Any:
        known = await _load(spec, doc[via], {}, info)
        value = known.get(key) if known is not None else None
        return default if value is None else value

    def resolve(doc: Doc, info: Info) -> Any:
        value = doc.get(key)
        return _begun(fill(doc, info)) if value is None else value

    return resolve


def _derived_resolver(spec: Spec, has_args: bool) -> Resolver:
    compute = spec.compute
    assert compute is not None

    def resolve(doc: Doc, _info: Info, **args: Any) -> Any:
        return compute(doc, args) if has_args else compute(doc)

    return resolve


def _lookup_resolver(spec: Spec, has_args: bool) -> Resolver:
    assert spec.ask is not None
    ask, pick = spec.ask, spec.pick

    async def look(doc: Doc, info: Info, args: Args) -> Any:
        keys = ask(doc, args) if has_args else ask(doc)
        if spec.many:
            found = await asyncio.gather(*(_load(spec, key, args, info) for key in keys))
        else:
            found = await _load(spec, keys, args, info)
        if pick is not None:
            return pick(doc, found, args) if has_args else pick(doc, found)
        return [one for one in found if one is not None] if spec.many else found

    def resolve(doc: Doc, info: Info, **args: Any) -> Any:
        return _begun(look(doc, info, args))

    return resolve


def _begun(value: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """A task, for graphql-core leaves behind what it has not awaited when a sibling fails: a
    coroutine would be warned of, and a task's failure be told as one that nobody looked at.
    """
    task = asyncio.ensure_future(value)
    task.add_done_callback(_looked_at)
    return task


def _looked_at(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()


async def _load(spec: Spec, key: Any, args: Args, info: Info) -> Any:
    if key is None:
        return None
    context: Context = info.context
    loader = context.loaders.loader(spec, info, lambda: _request(spec, args, info))
    # graphql-core cancels the siblings of a field that failed; a key's future is shared with
    # fields elsewhere, which must not be cancelled with them.
    return await asyncio.shield(loader.load(key))


def _request(spec: Spec, args: Args, info: Info) -> Any:
    if spec.request is None:
        return None
    return spec.request(selected_of(info, info.field_nodes))(args)


def selected_of(info: Info, nodes: Sequence[Any]) -> Selected:
    """What the running operation selects under the current field."""
    reading = Reading(info.schema, info.fragments, info.variable_values)
    field = info.parent_type.fields[info.field_name]
    return Selected.of(reading, field, nodes)
