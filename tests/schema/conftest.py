"""The samples, loaded once for all tests of the API that only read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from seed.load import load
from store.store import Store
from tests.conftest import Run

SAMPLES = Path(__file__).parents[2] / "seed" / "samples"
SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def samples(mongod_store: Store, mongod_uri: str, run: Run) -> Iterator[Store]:
    store = Store(mongod_store.client, "samples", mongod_store.driver)
    run(load(store, [SAMPLES]))
    yield store
    with MongoClient[Any](mongod_uri) as client:
        client.drop_database("samples")


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (the corpus and the contract), which is not here")
    return SHARED
