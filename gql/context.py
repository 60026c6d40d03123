"""What one request owns, from its first byte to its last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.dataloader import DataLoader

from gql.schema.fields import Spec
from loaders import BATCHES
from loaders.hints import hints_for
from loaders.pages import PageRequest
from loaders.remembered import Remembered
from store.deadline import Deadline
from store.errors import StoreError
from store.reader import Reader
from store.trace import Trace

Info = GraphQLResolveInfo[Any]


Load = Callable[[str, Sequence[Any], Any], Awaitable[Sequence[Any]]]


class Loaders:
    """The dataloaders of one request, made as fields ask for them.

    Fields whose keys say it all share a loader, and with it a cache, over the whole request.
    A batch function that takes a request (paths, a page) has a loader for each set of field
    nodes, since these decide the request.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._loaders: dict[tuple[Any, ...], DataLoader[Any, Any]] = {}

    def loader(self, spec: Spec, info: Info, request: Callable[[], Any]) -> DataLoader[Any, Any]:
        """The loader of a lookup field at this place of the operation."""
        place = () if spec.request is None else tuple(id(node) for node in info.field_nodes)
        key = (spec.batch, *place)
        found = self._loaders.get(key)
        if found is None:
            found = self._loaders[key] = self._make(spec.batch, request())
        return found

    def _make(self, name: str, request: Any) -> DataLoader[Any, Any]:
        async def load(keys: list[Any]) -> Sequence[Any]:
            return await self._load(name, keys, request)

        return DataLoader(load_fn=load)


@dataclass(slots=True)
class Context:
    """A request's own things: how it reads, how long it has, what it is called."""

    reader: Reader
    deadline: Deadline
    request_id: str = ""
    trace: Trace | None = None
    executor: str = "reference executor"  # which one answered, and why, without any value
    plan: Callable[[], str] | None = None  # writes down the plan that answered, without any value
    hints: list[dict[str, Any]] = field(default_factory=list)
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.load)

    async def load(self, name: str, keys: Sequence[Any], request: Any) -> Sequence[Any]:
        """What a batch function gives for these keys; both executors read through here. A page
        of the root that is empty leaves its hints.
        """
        values = await BATCHES[name](self.reader, keys, request)
        if isinstance(request, PageRequest):
            with suppress(StoreError):  # an answer does without its hints
                self.hints += await hints_for(self.reader, request, values)
        return values

    def known(self, name: str, keys: Sequence[Any]) -> list[Any] | None:
        """The same without reading, where all of it is kept from earlier requests."""
        batch = BATCHES[name]
        return batch.known(self.reader, keys) if isinstance(batch, Remembered) else None
