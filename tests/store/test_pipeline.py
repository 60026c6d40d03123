"""What a Reader adds: nothing that may not be seen, at no depth."""

from typing import Any

import pytest

from store.pipeline import EACH, seen, seen_each
from store.projection import WHOLE, project
from store.store import Store
from tests.conftest import Run

SECRET = "Q2lwaGVydGV4dA=="
STRIP = {"$project": {"secured": 0, "_seed.written.secured": 0}}
VISIBLE = {"$match": {"_index.visible": True}}


@pytest.mark.parametrize(
    ("paths", "projection"),
    [
        ([], {"_id": 1}),
        (["title", "provider.name"], {"_id": 1, "provider.name": 1, "title": 1}),
        (["provider.name", "provider"], {"_id": 1, "provider": 1}),
        (["providers", "provider.name"], {"_id": 1, "provider.name": 1, "providers": 1}),
        (["secured", "secured.a", "_seed.written.secured"], {"_id": 1}),
        (["_seed.path"], {"_id": 1, "_seed.path": 1}),
        (["_seed"], STRIP["$project"] | {"content": 0}),
        (["title", WHOLE], STRIP["$project"] | {"content": 0}),
        (["content", WHOLE], STRIP["$project"]),
    ],
)
def test_a_projection_follows_the_paths(paths: list[str], projection: dict[str, int]) -> None:
    assert project(paths) == projection


@pytest.mark.parametrize(
    ("pipeline", "made"),
    [
        ([], [VISIBLE, STRIP]),
        ([{"$count": "n"}], [VISIBLE, {"$count": "n"}]),
        (
            [{"$match": {"$text": {"$search": "x"}}}, {"$limit": 3}],
            [
                {"$match": {"_index.visible": True, "$text": {"$search": "x"}}},
                {"$limit": 3},
                STRIP,
            ],
        ),
        (
            [{"$match": {"_index.visible": False}}, {"$count": "n"}],
            [
                {"$match": {"$and": [{"_index.visible": True}, {"_index.visible": False}]}},
                {"$count": "n"},
            ],
        ),
        (
            [{"$unwind": "$topics"}, {"$group": {"_id": "$topics"}}],
            [VISIBLE, {"$unwind": "$topics"}, {"$group": {"_id": "$topics"}}],
        ),
        (
            [{"$group": {"_id": 1, "docs": {"$push": "$$ROOT"}}}],
            [VISIBLE, STRIP, {"$group": {"_id": 1, "docs": {"$push": "$$ROOT"}}}],
        ),
        (
            [{"$project": {"_seed": 1}}],
            [VISIBLE, STRIP, {"$project": {"_seed": 1}}],
        ),
        ([{"$project": {"content": 0}}], [VISIBLE, STRIP, {"$project": {"content": 0}}]),
        (
            [{"$replaceRoot": {"newRoot": "$x"}}],
            [VISIBLE, STRIP, {"$replaceRoot": {"newRoot": "$x"}}],
        ),
    ],
)  # fmt: skip
def test_articles_are_kept_to_what_may_be_seen(
    pipeline: list[dict[str, Any]], made: list[dict[str, Any]]
) -> None:
    assert seen("articles", pipeline, unpublished=False) == made


@pytest.mark.parametrize(
    "stage",
    [
        {"$project": {"secured": 1}},
        {"$group": {"_id": "$secured"}},
        {"$set": {"x": "$$ROOT.secured"}},
        {"$match": {"secured": "x"}},
        {"$facet": {"a": [{"$project": {"x": "$secured.deep"}}]}},
    ],
)
def test_a_pipeline_that_names_what_is_confidential_is_refused(stage: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="which is confidential"):
        seen("articles", [stage], unpublished=True)


def test_what_a_reader_searches_for_is_no_name() -> None:
    seen("articles", [{"$match": {"category": "$secured"}}], unpublished=False)


TAILS: list[list[dict[str, Any]]] = [
    [{"$sort": {"title": 1}}, {"$limit": 3}, {"$project": {"title": 1}}],
    [{"$limit": 3}],
    [{"$group": {"_id": "$title"}}],
    [{"$set": {"copy": "$$ROOT"}}],
]


@pytest.mark.parametrize("collection", ["articles", "topics"])
@pytest.mark.parametrize("tail", TAILS)
def test_each_part_of_a_union_is_kept_to_what_may_be_seen(
    collection: str, tail: list[dict[str, Any]]
) -> None:
    wheres = [{"title": "a"}, {}, {"_index.visible": False}]
    first, *unions = _parts(seen_each(collection, wheres, tail, unpublished=False))
    for number, (part, where) in enumerate(zip([first, *unions], wheres, strict=True)):
        alone = seen(collection, [{"$match": where}, *tail], unpublished=False)
        assert part == [*alone, {"$set": {EACH: {"$literal": number}}}]


def _parts(union: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    first = [stage for stage in union if "$unionWith" not in stage]
    return [first, *(s["$unionWith"]["pipeline"] for s in union if "$unionWith" in s)]


def test_a_where_of_a_union_that_names_what_is_confidential_is_refused() -> None:
    with pytest.raises(ValueError, match="which is confidential"):
        seen_each("articles", [{}, {"secured": "x"}], [{"$limit": 1}], unpublished=True)


@pytest.mark.parametrize("stage", [{"$out": "x"}, {"$merge": "x"}, {"$graphLookup": {}}])
def test_a_reader_does_not_write(stage: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"allowed are stages that read|use .lookup"):
        seen("topics", [stage], unpublished=False)


# --- against mongod ---------------------------------------------------------------------------

LOOKUP = {"from": "articles", "localField": "_id", "foreignField": "_index.topics", "as": "found"}


@pytest.fixture
def filled(store: Store, run: Run) -> Store:
    run(
        store.database["articles"].insert_many(
            [
                {
                    "_id": slug, "title": slug, "secured": SECRET,
                    "_seed": {"written": {"secured": SECRET}},
                    "_index": {"visible": slug != "hidden", "topics": ["ai"]},
                }
                for slug in ("alpha", "beta", "hidden")
            ]
        )
    )  # fmt: skip
    run(store.database["topics"].insert_one({"_id": "ai", "secured": SECRET}))
    return store


@pytest.mark.parametrize(
    ("collection", "pipeline"),
    [
        ("topics", [{"$lookup": LOOKUP}]),
        ("topics", [{"$lookup": {**LOOKUP, "pipeline": [{"$limit": 9}]}}]),
        ("topics", [{"$unionWith": "articles"}]),
        ("topics", [{"$unionWith": {"coll": "articles", "pipeline": [{"$sort": {"_id": 1}}]}}]),
        ("articles", [{"$facet": {"a": [{"$limit": 9}], "b": [{"$unionWith": "articles"}]}}]),
        ("articles", [{"$group": {"_id": None, "docs": {"$push": "$$ROOT"}}}]),
        ("articles", [{"$set": {"copy": "$$ROOT"}}]),
        ("articles", [{"$project": {"seed": "$_seed"}}]),
        ("articles", [{"$lookup": {"from": "topics", "pipeline": [], "as": "all"}}]),
        (
            "topics",
            [{"$lookup": {"from": "topics", "pipeline": [{"$lookup": LOOKUP}], "as": "deep"}}],
        ),
    ],
)
def test_no_stage_reaches_what_is_unpublished_or_confidential(
    filled: Store, run: Run, collection: str, pipeline: list[dict[str, Any]]
) -> None:
    found = str(run(filled.reader().aggregate(collection, pipeline)))
    assert "hidden" not in found
    assert SECRET not in found
    if collection == "articles" or "articles" in str(pipeline):
        assert "alpha" in found
