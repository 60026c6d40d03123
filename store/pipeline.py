"""What a Reader adds to a where or a pipeline before Mongo gets it. Pure.

Two rules hold for every document that a stage can reach: what is not visible (an article, an issue
of one) is not there, and a confidential key is gone before the first stage that could carry it on.
"""

from collections.abc import Sequence
from typing import Any

from store.collections import HIDING
from store.projection import CONFIDENTIAL_PATHS, holds_confidential, is_confidential
from store.where import Where

Stage = dict[str, Any]

_WRITES = frozenset({"$out", "$merge"})
_PICKS = frozenset({"$match", "$sort", "$limit", "$skip", "$sample"})  # pass documents as they are
_REDUCES = frozenset({"$group", "$count", "$sortByCount", "$bucket", "$bucketAuto"})
_CARRIES = _PICKS | {"$unwind", "$set", "$addFields", "$lookup", "$unionWith", "$setWindowFields"}
_NESTS = frozenset({"$facet", "$lookup", "$unionWith"})
_WHOLE = ("$$ROOT", "$$CURRENT")
_STRIP: Stage = {"$project": dict.fromkeys(CONFIDENTIAL_PATHS, 0)}


def visible(where: Where, *, unpublished: bool) -> Where:
    """A where for articles, kept to what may be seen.

    The right to see all names both values instead of none, so that the indexes, which all
    begin with visibility, serve it as well. It does not reach a text search: the text index
    holds nothing that is hidden.
    """
    sees_all = unpublished and "$text" not in where
    seen_values: Any = {"$in": [False, True]} if sees_all else True
    if "_index.visible" in where:
        return {"$and": [{"_index.visible": seen_values}, where]}
    return {"_index.visible": seen_values, **where}


def seen(collection: str, pipeline: Sequence[Stage], *, unpublished: bool) -> list[Stage]:
    """A pipeline over a collection that meets only what may be seen, at every level."""
    stages = [_stage(stage, unpublished) for stage in pipeline]
    if collection in HIDING:
        # $text has to stay in the first stage, so its $match is added to, not preceded.
        first = stages.pop(0)["$match"] if stages and "$match" in stages[0] else {}
        stages.insert(0, {"$match": visible(first, unpublished=unpublished)})
    return _without_confidential(stages)


# Where a document of a union says which of the wheres found it.
EACH = "_each"


def seen_each(
    collection: str, wheres: Sequence[Where], pipeline: Sequence[Stage], *, unpublished: bool
) -> list[Stage]:
    """One pipeline that runs `pipeline` after each where, and meets only what may be seen;
    documents carry the number of their where as EACH.

    Each part keeps its own match, sort and limit, so each is served by an index of its own. What
    the parts share is gone through once, not once a part.
    """
    _, *shared = seen(collection, [{"$match": {}}, *pipeline], unpublished=unpublished)
    parts = []
    for number, where in enumerate(wheres):
        match = {
            "$match": visible(where, unpublished=unpublished) if collection in HIDING else where
        }
        _check_names(match)
        parts.append([match, *shared, {"$set": {EACH: {"$literal": number}}}])
    unions = [{"$unionWith": {"coll": collection, "pipeline": part}} for part in parts[1:]]
    return [*parts[0], *unions]


def _stage(stage: Stage, unpublished: bool) -> Stage:
    ((name, body),) = stage.items()
    if name in _WRITES:
        raise ValueError(f"A reader's pipeline has a {name} stage; allowed are stages that read.")
    if name == "$facet":
        return {name: {key: _facet(part, unpublished) for key, part in body.items()}}
    if name == "$unionWith":
        return {name: _union(body, unpublished)}
    if name == "$lookup" and "from" in body:
        inner = seen(body["from"], body.get("pipeline", []), unpublished=unpublished)
        return {name: {**body, "pipeline": inner}}
    if name == "$graphLookup":
        raise ValueError("A reader's pipeline has a $graphLookup stage; use $lookup.")
    return stage


def _facet(pipeline: Sequence[Stage], unpublished: bool) -> list[Stage]:
    # What comes in was kept to what may be seen before.
    return _without_confidential([_stage(stage, unpublished) for stage in pipeline])


def _union(body: Any, unpublished: bool) -> Stage:
    body = {"coll": body} if isinstance(body, str) else body
    inner = seen(body["coll"], body.get("pipeline", []), unpublished=unpublished)
    return {**body, "pipeline": inner}


def _without_confidential(stages: list[Stage]) -> list[Stage]:
    for stage in stages:
        _check_names(stage)
    first = next((n for n, stage in enumerate(stages) if not _is(stage, _PICKS)), len(stages))
    for stage in stages[first:]:
        if _reduces(stage):
            return stages  # what it does not name goes no further
        if not _is(stage, _CARRIES) or _names_whole(stage):
            break
    return [*stages[:first], _STRIP, *stages[first:]]


def _reduces(stage: Stage) -> bool:
    ((name, body),) = stage.items()
    if name == "$facet":
        return True  # each of its parts sees to itself
    if name == "$project" and not _includes(body):
        return False
    return (name == "$project" or name in _REDUCES) and not _names_whole(stage)


def _includes(body: Stage) -> bool:
    return any(value not in (0, False) for key, value in body.items() if key != "_id")


def _is(stage: Stage, names: frozenset[str]) -> bool:
    return next(iter(stage)) in names


def _names_whole(stage: Stage) -> bool:
    return any(
        text.startswith(_WHOLE) or holds_confidential(text.lstrip("$")) for text in _texts(stage)
    )


def _check_names(stage: Stage) -> None:
    if _is(stage, _NESTS):
        return  # the stages within were checked
    if "$unset" in stage or ("$project" in stage and not _includes(stage["$project"])):
        return  # it names what it takes away
    keys_only = _is(stage, frozenset({"$match"}))  # there, a value is a reader's and only compared
    for text in _texts(stage, keys_only=keys_only):
        path = text.lstrip("$").removeprefix("ROOT.").removeprefix("CURRENT.")
        if is_confidential(path):
            raise ValueError(f'A pipeline names "{path}", which is confidential.')


def _texts(value: Any, *, keys_only: bool = False) -> list[str]:
    """The keys in a stage, and the texts that name a path ("$path") or are values."""
    if isinstance(value, dict):
        inner = [text for part in value.values() for text in _texts(part, keys_only=keys_only)]
        return [*value, *inner]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts(part, keys_only=keys_only)]
    return [value] if isinstance(value, str) and not keys_only else []
