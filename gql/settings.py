"""The settings: one table of name, default, unit and help, read from the environment once.

The fields of `Settings` are the table; `--help`, `docs/settings.md` and its test read it through
`rows()`. Values are plain and read at the edges: no other room looks at the environment.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from gql.setting_kinds import (
    DATABASE_NAME,
    MONGODB_URI,
    NAMES,
    PATH,
    SWITCH,
    TEXT,
    number,
    one_of,
    whole,
)

PROFILE = "NEWSSTAND_PROFILE"
PROFILES = ("development", "production")


class SettingsError(Exception):
    """Settings that cannot be used, one sentence a line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `default` and `production` are the texts that stand for unset."""

    field: str
    env: str
    default: str
    production: str
    unit: str
    allowed: str
    help: str
    parse: Callable[[str], Any]


def _setting(
    env: str,
    default: str,
    kind: tuple[Callable[[str], Any], str],
    help: str,
    *,
    unit: str = "",
    production: str | None = None,
) -> Any:
    parse, allowed = kind
    production = default if production is None else production
    row = Row("", env, default, production, unit, allowed, help, parse)
    return dataclasses.field(default_factory=lambda: parse(default), metadata={"row": row})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process. Made by `read_settings`, or by hand in tests."""

    profile: str = _setting(
        PROFILE, "development", one_of(*PROFILES), "What is custom: in production what helps only "
        "developers is off unless its own setting says otherwise.",
    )  # fmt: skip
    # Where it listens.
    host: str = _setting("NEWSSTAND_HOST", "127.0.0.1", TEXT, "The address to listen at.")
    port: int = _setting(
        "NEWSSTAND_PORT", "8000", whole(0, 65_535), "The port; 0 picks a free one and prints it."
    )
    # Where the data is.
    data_dir: Path | None = _setting(  # noqa: RUF009 - a default_factory, as its siblings
        "NEWSSTAND_DATA_DIR", "data", PATH, "The folder of the embedded mongod."
    )
    mongodb_uri: str = _setting(
        "MONGODB_URI", "", MONGODB_URI, "A MongoDB to use; empty starts the embedded one."
    )
    mongodb_db: str = _setting("MONGODB_DB", "newsstand", DATABASE_NAME, "The database's name.")
    driver: str = _setting(
        "NEWSSTAND_DRIVER", "pymongo", one_of("pymongo", "motor", "mongomock"), "How MongoDB is "
        "spoken to; mongomock is for tests.",
    )  # fmt: skip
    wire: bool = _setting(
        "NEWSSTAND_WIRE", "on", SWITCH, "Whether PyMongo's connections are read from directly, "
        "which takes a quarter of the CPU; off sends each read through PyMongo.",
    )  # fmt: skip
    # How operations run.
    executor: str = _setting(
        "NEWSSTAND_EXECUTOR", "compiled", one_of("compiled", "reference"), "What runs an "
        "operation: a plan made for it, or graphql-core field by field; both answer alike.",
    )  # fmt: skip
    cache: bool = _setting(
        "NEWSSTAND_CACHE", "on", SWITCH, "Whether topics, providers, images and counts are kept "
        "until a change of theirs is heard of: milliseconds behind, two seconds at most in a "
        "replica set.",
    )  # fmt: skip
    # What is open to whom.
    introspection: bool = _setting(
        "NEWSSTAND_INTROSPECTION", "on", SWITCH, "Whether `__schema` and `__type` answer, and "
        "`/schema.graphql`.",
        production="off",
    )  # fmt: skip
    suggestions: bool = _setting(
        "NEWSSTAND_SUGGESTIONS", "on", SWITCH, 'Whether errors say "Did you mean ...?".',
        production="off",
    )  # fmt: skip
    explorer: bool = _setting(
        "NEWSSTAND_EXPLORER", "on", SWITCH, "Whether a browser gets GraphiQL.", production="off"
    )
    explain: bool = _setting(
        "NEWSSTAND_EXPLAIN", "on", SWITCH, "Whether a request may ask how it was answered.",
        production="off",
    )  # fmt: skip
    server_timing: bool = _setting(
        "NEWSSTAND_SERVER_TIMING", "on", SWITCH, "Whether answers carry `Server-Timing`.",
        production="off",
    )  # fmt: skip
    metrics: bool = _setting(
        "NEWSSTAND_METRICS", "off", SWITCH, "Whether `/metrics` answers Prometheus."
    )
    tracing: bool = _setting(
        "NEWSSTAND_TRACING", "off", SWITCH, "Whether stages become OpenTelemetry spans; needs the "
        "`otel` extra.",
    )  # fmt: skip
    request_log: bool = _setting(
        "NEWSSTAND_REQUEST_LOG", "off", SWITCH, "Whether each request writes a line of JSON to "
        "stderr.", production="on",
    )  # fmt: skip
    slow_seconds: float = _setting(
        "NEWSSTAND_SLOW_SECONDS", "1", number(0, 3600), "An operation that takes longer is logged "
        "with its plan; 0 logs none.", unit="seconds",
    )  # fmt: skip
    cors_origins: frozenset[str] = _setting(
        "NEWSSTAND_CORS_ORIGINS", "", NAMES, "Origins whose pages may read answers; `*` is all."
    )
    http_edition: str = _setting(
        "NEWSSTAND_HTTP_EDITION", "2025", one_of("2025", "2026"), "Whose statuses "
        "`application/graphql-response+json` has: those that the audit of `graphql-http` "
        "checks, or those of the edition of September 2026.",
    )  # fmt: skip
    # Time and size of a request.
    deadline_seconds: float = _setting(
        "NEWSSTAND_DEADLINE_SECONDS", "10", number(0.001, 3600), "The longest a request may take.",
        unit="seconds",
    )  # fmt: skip
    body_seconds: float = _setting(
        "NEWSSTAND_BODY_SECONDS", "10", number(0.001, 3600), "The longest a body may take to "
        "arrive.", unit="seconds",
    )  # fmt: skip
    header_seconds: float = _setting(
        "NEWSSTAND_HEADER_SECONDS", "10", number(0.001, 3600), "The longest the head of a request "
        "may take to arrive.", unit="seconds",
    )  # fmt: skip
    idle_seconds: float = _setting(
        "NEWSSTAND_IDLE_SECONDS", "60", number(0.001, 3600), "How long a connection without a "
        "request is kept.", unit="seconds",
    )  # fmt: skip
    write_seconds: float = _setting(
        "NEWSSTAND_WRITE_SECONDS", "30", number(0.001, 3600), "How long a client may read nothing "
        "of its answer.", unit="seconds",
    )  # fmt: skip
    shutdown_seconds: float = _setting(
        "NEWSSTAND_SHUTDOWN_SECONDS", "15", number(0, 3600), "How long running requests may take "
        "once the server is told to stop.", unit="seconds",
    )  # fmt: skip
    max_connections: int = _setting(
        "NEWSSTAND_MAX_CONNECTIONS", "1000", whole(1, 1_000_000), "More connections at once, of "
        "one worker, are told 503.", unit="connections",
    )  # fmt: skip
    max_head_bytes: int = _setting(
        "NEWSSTAND_MAX_HEAD_BYTES", "32768", whole(1024, 10_485_760), "The longest head of a "
        "request: its first line and headers.", unit="bytes",
    )  # fmt: skip
    max_body_bytes: int = _setting(
        "NEWSSTAND_MAX_BODY_BYTES", "1048576", whole(1, 104_857_600), "The longest body.",
        unit="bytes",
    )  # fmt: skip
    max_url_bytes: int = _setting(
        "NEWSSTAND_MAX_URL_BYTES", "16384", whole(1, 1_048_576), "The longest query string.",
        unit="bytes",
    )  # fmt: skip
    max_batch: int = _setting(
        "NEWSSTAND_MAX_BATCH", "0", whole(0, 100), "How many requests a batch may hold; 0 refuses "
        "batches. They share one deadline and one limit of cost.", unit="requests",
    )  # fmt: skip
    max_json_depth: int = _setting(
        "NEWSSTAND_MAX_JSON_DEPTH", "100", whole(2, 150), "How deep the JSON of a request nests.",
        unit="levels",
    )  # fmt: skip
    max_json_values: int = _setting(
        "NEWSSTAND_MAX_JSON_VALUES", "10000", whole(2, 10_000_000), "How many values the JSON of a "
        "request holds, at all levels; each costs microseconds before any limit of an operation.",
        unit="values",
    )  # fmt: skip
    # Limits of an operation.
    max_tokens: int = _setting(
        "NEWSSTAND_MAX_TOKENS", "5000", whole(1, 1_000_000), "Tokens of a source.", unit="tokens"
    )
    max_nesting: int = _setting(
        "NEWSSTAND_MAX_NESTING", "64", whole(1, 150), "How deep brackets of a source nest.",
        unit="levels",
    )  # fmt: skip
    max_depth: int = _setting(
        "NEWSSTAND_MAX_DEPTH", "15", whole(1, 150), "How deep fields nest.", unit="levels"
    )
    max_aliases: int = _setting(
        "NEWSSTAND_MAX_ALIASES", "100", whole(0, 100_000), "Aliases, with fragments spread out.",
        unit="aliases",
    )  # fmt: skip
    max_root_fields: int = _setting(
        "NEWSSTAND_MAX_ROOT_FIELDS", "30", whole(1, 100_000), "Fields at the root.", unit="fields"
    )
    max_directives: int = _setting(
        "NEWSSTAND_MAX_DIRECTIVES", "100", whole(0, 100_000), "Directives, with fragments spread "
        "out.", unit="directives",
    )  # fmt: skip
    max_fields: int = _setting(
        "NEWSSTAND_MAX_FIELDS", "2000", whole(1, 1_000_000), "Fields, with fragments spread out.",
        unit="fields",
    )  # fmt: skip
    max_repeats: int = _setting(
        "NEWSSTAND_MAX_REPEATS", "50", whole(1, 100_000), "How often a response key may be "
        "selected at one level; validation compares each two.", unit="times",
    )  # fmt: skip
    max_cost: int = _setting(
        "NEWSSTAND_MAX_COST", "20000", whole(1, 1_000_000_000), "The cost of an operation, or "
        "of all in a batch.", unit="points",
    )  # fmt: skip


def rows() -> list[Row]:
    """Return the table, in its order."""
    return [
        dataclasses.replace(cast("Row", field.metadata["row"]), field=field.name)
        for field in dataclasses.fields(Settings)
    ]


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings; raises SettingsError with a line for each that cannot be used.

    An empty value counts as unset.
    """
    production = environ.get(PROFILE) == "production"
    values, wrong = {}, []
    for row in rows():
        text = environ.get(row.env, "").strip() or (row.production if production else row.default)
        try:
            values[row.field] = row.parse(text)
        except (ValueError, KeyError):
            wrong.append(f'{row.env} is "{text[:80]}"; allowed are {row.allowed}.')
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Settings(**values)
