"""Serves one contender in Python: `python -m bench.contenders.serve MODULE`.

uvicorn as its docs recommend for production: uvloop, httptools, no access log. The database and
the port come from the environment, as with the contenders in Node. The collector is set up as
CPython's docs advise for servers: what is there after start-up is never looked at again.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Any

import uvicorn
from pymongo import AsyncMongoClient

from bench.contenders.data import Database


def open_database(*, tz_aware: bool = True) -> Database:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        os.environ["MONGODB_URI"], tz_aware=tz_aware
    )
    return client[os.environ["MONGODB_DB"]]


def main() -> None:
    app = import_module(f"bench.contenders.{sys.argv[1]}").app
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
