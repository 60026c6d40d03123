"""Traps of the libraries beneath, each once met or read of, that no other file here holds.

(Two operations without a name, empty selections, bad bodies, circles, deep texts, argument names
in suggestions, sockets, slow clients and media types have tests beside what keeps them out.)
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gql.app import create_app
from gql.errors import CODES, RequestErrors, format_error
from gql.operation import Operations
from gql.schema import build_schema
from gql.settings import Settings
from store.collections import ARTICLES
from tests.conftest import opened_with
from tests.http.conftest import Client

SCHEMA = build_schema()._schema
WORDS = [
    "query", "mutation", "fragment", "on", "articles", "nodes", "title", "Article", "A", "$a",
    ": Int", ": Nope", "(first:", "(filter: {title: {eq:", "}})", "{", "{", "}", "}", "(", ")", "[",
    "]", "...", "@skip(if: true)", "@nope", "1", "9" * 99, "1e999", '"a"', '"\\u0000"', '"', "null",
    "#", "\ufeff", "\x00", "😀", "__schema", "=",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_every_error_of_any_source_carries_a_code_that_the_docs_tell(source):
    try:
        Operations(SCHEMA).prepare(source)
    except RequestErrors as refused:
        codes = {format_error(error)["extensions"]["code"] for error in refused.errors}
        assert codes <= CODES.keys() - {"INTERNAL_SERVER_ERROR"}


@pytest.mark.parametrize("limit", [0, -1])
def test_a_read_without_a_bound_is_never_sent(store, run, commands, limit):
    """To Mongo `limit(0)` is everything and `limit(-1)` one batch."""
    with pytest.raises(ValueError, match="allowed are 1 to"):
        run(store.reader().find(ARTICLES, {}, projection={"_id": 1}, limit=limit))
    assert commands.sent == []


@pytest.mark.parametrize("driver", ["pymongo", "motor"])
def test_instants_come_back_with_their_zone_through_either_driver(
    mongod_uri, database_name, run, driver
):
    at = datetime(2024, 5, 1, 12, tzinfo=UTC)
    doc = {"_id": "a", "publishedDateTime": at, "_index": {"visible": True}}

    async def read_back():
        async with opened_with(driver, mongod_uri, database_name) as store:
            await store.database[ARTICLES].insert_one(doc)
            paths = {"publishedDateTime": 1}
            return await store.reader().find(ARTICLES, {}, projection=paths, limit=1)

    (found,) = run(read_back())
    assert found["publishedDateTime"] == at
    assert found["publishedDateTime"].utcoffset().total_seconds() == 0


def test_an_id_of_nothing_is_null_and_not_an_error(mock_store):
    client = Client(create_app(Settings(), mock_store))
    query = '{ node(id: "bm90aGluZw==") { id } nodes(ids: ["", "\\u0000"]) { id } }'
    assert client.ask(query).json() == {"data": {"node": None, "nodes": [None, None]}}
