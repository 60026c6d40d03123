"""From settings to a listening server: the socket, the mongod, uvicorn with one worker or more.

The socket is bound before anything else, so that a taken port is said at once, and what is
printed about it is true. The mongod belongs to the parent, and workers are told its URI.
"""

import dataclasses
import errno
import gc
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from tempfile import TemporaryDirectory
from typing import Any

import click
import uvicorn
from uvicorn.supervisors import Multiprocess

from gql.observe import start_logging
from gql.server import bounded_protocol
from gql.settings import Settings
from store.embedded import embedded
from store.guard import end_with_parent

START_SECONDS = 60.0
GC_AFTER_OBJECTS = 50_000

Announce = Callable[[str], None]


class ServingError(click.ClickException):
    """Why nothing can be served, and the way out; one sentence for a person."""


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket bound to the host and port of the settings, so far without anybody behind it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((settings.host, settings.port))
            # Another server may have bound the same address without listening on it so far.
            bound.listen(2048)
        except OSError as error:
            raise ServingError(_why_not(settings, error)) from error
        yield bound


def _why_not(settings: Settings, error: OSError) -> str:
    at = f"{settings.host}, port {settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"Something listens on {at} already: stop it, or take another port "
            f"(NEWSSTAND_PORT={settings.port + 1 if settings.port < 65535 else 0}, or 0 for any "
            "that is free)."
        )
    if error.errno == errno.EACCES:
        return f"Port {settings.port} needs rights that you do not have; take one above 1023."
    return f"Nothing can listen on {at} ({error.strerror}); set NEWSSTAND_HOST to another address."


@contextmanager
def with_mongod(settings: Settings) -> Iterator[Settings]:
    """Settings that name a MongoDB: the one they name already, else an embedded one that runs."""
    if settings.mongodb_uri or settings.driver == "mongomock" or settings.data_dir is None:
        yield settings
        return
    with embedded(settings.data_dir) as uri:
        yield dataclasses.replace(settings, mongodb_uri=uri)


def url_of(settings: Settings, bound: socket.socket) -> str:
    """The address to give to a browser on this machine."""
    host, port = settings.host, bound.getsockname()[1]
    if host in ("0.0.0.0", "::", ""):
        host = "127.0.0.1" if host != "::" else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_server(
    settings: Settings, bound: socket.socket, *, workers: int, announce: Announce
) -> None:
    """Serves until told to stop; `announce` gets the URL once requests are answered.

    With more than one worker the settings have to be those of the environment but for the
    MongoDB, since each worker is a new process and reads them for itself.
    """
    url = url_of(settings, bound)
    start_logging(requests=settings.request_log)
    if workers == 1:
        from gql.app import create_app

        app = create_app(settings)
        spare_the_collector()
        _Announcing(uvicorn_config(settings, app), url, announce).run([bound])
        return
    os.environ["MONGODB_URI"] = settings.mongodb_uri
    config = uvicorn_config(settings, "gql.serving:worker_app", factory=True, workers=workers)
    with TemporaryDirectory(prefix="newsstand-metrics-") as folder:
        # Whichever worker is asked for metrics tells those of all.
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        _AnnouncingWorkers(config, bound, url, announce).run()


def worker_app() -> Any:
    """The app of one worker process, which ends with its parent, however that ends."""
    from gql.app import create_app
    from gql.settings import read_settings

    parent = parent_process()
    if parent is not None and parent.pid is not None:
        end_with_parent(parent.pid)
    settings = read_settings(os.environ)
    start_logging(requests=settings.request_log)
    app = create_app(settings)
    spare_the_collector()
    return app


def spare_the_collector() -> None:
    """Leaves what is there for good (the schema, every module) out of garbage collection, and
    collects after as many new objects as one large answer holds, not after 700. Documents and
    answers hold no cycles, so hardly anything waits for it; operations that are kept no longer do,
    and must not wait for millions of objects. `docs/performance.md` has the figures.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_AFTER_OBJECTS, 5, 5)


def uvicorn_config(settings: Settings, app: Any, **options: Any) -> uvicorn.Config:
    """How uvicorn runs an app under these settings."""
    config = _Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",  # subscriptions are not served: an upgrade is answered as the GET that it is
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.max_connections,
        # Typed as whole seconds; both end in timers that take parts of one.
        timeout_keep_alive=settings.idle_seconds,  # type: ignore[arg-type]
        timeout_graceful_shutdown=settings.shutdown_seconds,  # type: ignore[arg-type]
        **options,
    )
    config.settings = settings
    return config


class _Config(uvicorn.Config):
    """A configuration whose protocol is made where it is used.

    It is sent to each worker process, and a class made for these settings cannot be sent.
    """

    settings: Settings

    def load(self) -> None:
        super().load()
        self.http_protocol_class = bounded_protocol(self.settings)


class _Announcing(uvicorn.Server):
    """A server that says so once it answers."""

    def __init__(self, config: uvicorn.Config, url: str, announce: Announce) -> None:
        super().__init__(config)
        self._url, self._announce = url, announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce(self._url)


class _AnnouncingWorkers(Multiprocess):
    """Workers that are announced once all of them answer."""

    def __init__(
        self, config: uvicorn.Config, bound: socket.socket, url: str, announce: Announce
    ) -> None:
        super().__init__(config, [bound])
        self._url, self._announce = url, announce

    def init_processes(self) -> None:
        super().init_processes()
        if all(one.wait_until_ready(START_SECONDS, self.should_exit) for one in self.processes):
            self._announce(self._url)

    def terminate_all(self) -> None:
        # The workers close theirs: with this one open too, what is new would wait, not be refused.
        for one in self.sockets:
            one.close()
        super().terminate_all()
