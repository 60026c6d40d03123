"""What is kept between requests goes when its collection changes, and is never too much."""

import pytest

from store.memory import MAX_AGE_SECONDS, Memory, Table


class Versions:
    def __init__(self) -> None:
        self.now: int | None = 1

    def version(self, _collection: str) -> int | None:
        return self.now


def kept(memory: Memory) -> Table:
    table = memory.table("t", "topics")
    assert table is not None
    return table


def test_a_value_stays_while_nothing_changes() -> None:
    memory = Memory(Versions())
    kept(memory).keep("a", 1)
    assert kept(memory).values == {"a": 1}


def test_all_of_a_table_goes_with_a_change() -> None:
    versions = Versions()
    memory = Memory(versions)
    kept(memory).keep("a", 1)
    versions.now = 2
    assert kept(memory).values == {}


def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    versions = Versions()
    memory = Memory(versions)
    asked = kept(memory)  # before reading
    versions.now = 2
    kept(memory)
    asked.keep("a", "old")
    assert kept(memory).values == {}


def test_nothing_is_kept_while_changes_are_not_heard_of() -> None:
    versions = Versions()
    memory = Memory(versions)
    kept(memory).keep("a", 1)
    versions.now = None
    assert memory.table("t", "topics") is None


def test_a_table_is_read_anew_when_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(Versions())
    kept(memory).keep("a", 1)
    kept(memory).born -= MAX_AGE_SECONDS + 1
    assert kept(memory).values == {}


def test_the_first_in_are_the_first_out() -> None:
    table = Table(1, 0.0, 2)
    for key in ("a", "b", "a", "c"):
        table.keep(key, key)
    assert table.values == {"b": "b", "c": "c"}
