"""Reads over the wire where the server wants TLS and a password."""

import asyncio
import socket
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme
import uvloop
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from store.connect import connect
from store.embedded import find_mongod
from store.projection import project

HERE = "localhost"
DOCS = [{"_id": f"topic-{n:02}", "text": "x" * 100_000} for n in range(60)]


@pytest.fixture(scope="module")
def secured_uri(tmp_path_factory: pytest.TempPathFactory, mongod_uri: str) -> Iterator[str]:
    """The URI, with a place for user and password, of a mongod that wants both, and TLS."""
    folder = tmp_path_factory.mktemp("secured")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    served = authority.issue_cert(HERE).private_key_and_cert_chain_pem
    served.write_to_path(str(folder / "served.pem"))
    port = _free_port()
    command = [
        find_mongod(), "--dbpath", str(folder), "--bind_ip", HERE, "--port", str(port), "--auth",
        "--nounixsocket",
        "--tlsMode", "requireTLS", "--tlsCertificateKeyFile", str(folder / "served.pem"),
        "--tlsCAFile", str(folder / "ca.pem"), "--tlsAllowConnectionsWithoutCertificates",
        "--logpath", str(folder / "log"), "--wiredTigerCacheSizeGB", "0.25",
    ]  # fmt: skip
    uri = f"mongodb://{{}}{HERE}:{port}/?directConnection=true&tls=true&tlsCAFile={folder}/ca.pem"
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        # The first user of a server may be made from the same machine without being one.
        with MongoClient[Any](uri.format("")) as client:
            client.admin.command("createUser", "reader", pwd="secret", roles=["root"])
        with MongoClient[Any](uri.format("reader:secret@")) as client:
            client.wired.topics.insert_many(DOCS)
        yield uri
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as server:
        port: int = server.getsockname()[1]
        return port


async def read(uri: str) -> None:
    async with connect(uri=uri, database="wired") as store:
        reader = store.reader()
        assert store._wire is not None
        # Documents of several megabytes, so an answer comes in many pieces of TLS.
        found = await asyncio.gather(
            *(
                reader.find(
                    "topics", {}, projection=project({"text"}), order=(("_id", 1),), limit=100
                )
                for _ in range(4)
            )
        )
        assert found == [DOCS] * 4
        lines = store._wire._idle
        assert 1 <= len(lines) <= 4
        assert all(line._transport.get_extra_info("ssl_object") is not None for line in lines)
        assert await reader.count("topics", {}) == len(DOCS)


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_answers_come_whole_through_tls(
    secured_uri: str, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(read(secured_uri.format("reader:secret@")))


def test_the_server_answers_nobody_without_a_password(secured_uri: str) -> None:
    with (
        MongoClient[Any](secured_uri.format("")) as client,
        pytest.raises(OperationFailure, match="requires authentication"),
    ):
        client.wired.topics.find_one()
