"""What a client is told when something goes wrong: one table of codes, and masking.

Every error that leaves the gateway carries `extensions.code`, a row of `CODES`. Errors of two
kinds exist: a *request error* refuses the request as a whole (`RequestErrors`), an error of a
field stands beside the data. What nobody foresaw is logged with the request id and masked.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from store.errors import DeadlineExceeded, StoreUnavailable

log = logging.getLogger("newsstand.errors")

SUGGESTION = re.compile(r" Did you mean [^?]*\?")


@dataclass(frozen=True, slots=True)
class Code:
    """One error code and the status of an answer that has no data because of it.

    `legacy_status` is for `application/json`, where GraphQL over HTTP asks for 200 once the
    request itself was well formed; `status` for `application/graphql-response+json`, as the
    `graphql-http` audit checks it; `edition_2026` is the same in the spec of September 2026.
    """

    name: str
    legacy_status: int
    status: int
    edition_2026: int
    meaning: str


CODES: dict[str, Code] = {
    row.name: row
    for row in (
        # The HTTP request is not a GraphQL request.
        Code("BAD_JSON", 400, 400, 400, "The body is not JSON: cut off, not UTF-8, too deep."),
        Code("BAD_REQUEST", 400, 400, 422, "JSON, but not a GraphQL request: a wrong shape."),
        Code(
            "PERSISTED_QUERY_NOT_SUPPORTED",
            400,
            400,
            422,
            "A hash in place of the source, which is not kept: send it.",
        ),
        Code("BATCH_REFUSED", 400, 400, 422, "A list of requests where that is off, or too long."),
        Code(
            "METHOD_NOT_ALLOWED", 405, 405, 405, "Not GET, HEAD, POST or OPTIONS; or GET to write."
        ),
        Code("NOT_ACCEPTABLE", 406, 406, 406, "`Accept` names no media type that is served."),
        Code("BODY_TIMEOUT", 408, 408, 408, "The body did not arrive in time."),
        Code("BODY_TOO_LARGE", 413, 413, 413, "The body is longer than the limit."),
        Code("URL_TOO_LONG", 414, 414, 414, "The query string is longer than the limit."),
        Code(
            "UNSUPPORTED_MEDIA_TYPE", 415, 415, 415, "POST takes `application/json`, not encoded."
        ),
        # A GraphQL request that cannot be executed.
        Code("GRAPHQL_PARSE_FAILED", 200, 400, 400, "The source is not a GraphQL document."),
        Code("GRAPHQL_VALIDATION_FAILED", 200, 400, 422, "The document does not fit the schema."),
        Code("OPERATION_RESOLUTION_FAILURE", 200, 400, 422, "Which operation to run is not clear."),
        Code("SUBSCRIPTION_REFUSED", 400, 400, 400, "Subscriptions are not served by request."),
        Code("BAD_USER_INPUT", 200, 400, 422, "An argument or a variable has a value not allowed."),
        Code("INTROSPECTION_DISABLED", 200, 400, 422, "Introspection is off here."),
        # Limits: refused before execution.
        Code("TOO_MANY_TOKENS", 200, 400, 422, "The source has more tokens than the limit."),
        Code("NESTED_TOO_DEEP", 200, 400, 422, "Brackets nest deeper than the limit."),
        Code("TOO_DEEP", 200, 400, 422, "Fields nest deeper than the limit."),
        Code(
            "TOO_MANY_ALIASES", 200, 400, 422, "More aliases than the limit, fragments spread out."
        ),
        Code("TOO_MANY_ROOT_FIELDS", 200, 400, 422, "More fields at the root than the limit."),
        Code("TOO_MANY_DIRECTIVES", 200, 400, 422, "More directives than the limit."),
        Code("TOO_MANY_FIELDS", 200, 400, 422, "More fields than the limit, fragments spread out."),
        Code(
            "TOO_MANY_REPEATS", 200, 400, 422, "A response key more often at a level than allowed."
        ),
        Code(
            "COST_LIMIT_EXCEEDED",
            200,
            400,
            422,
            "The operation, or its batch, costs more than the limit.",
        ),
        # The gateway or what stands behind it.
        Code("DEADLINE_EXCEEDED", 200, 504, 504, "The time for a request was over."),
        Code("STORE_UNAVAILABLE", 200, 503, 503, "The document store does not answer."),
        Code("SHUTTING_DOWN", 503, 503, 503, "The server is stopping; ask another or again."),
        Code("INTERNAL_SERVER_ERROR", 500, 500, 500, "Unforeseen; the log has it by request id."),
    )
}


# What may go wrong behind a field and is nobody's secret: the exception, its code, what is said.
FORESEEN: tuple[tuple[type[Exception], str, str], ...] = (
    (DeadlineExceeded, "DEADLINE_EXCEEDED", "The time for this request is used up."),
    (StoreUnavailable, "STORE_UNAVAILABLE", "The document store does not answer; ask again later."),
)


class UserError(Exception):
    """An error whose message is meant for the client: where, what came, what is allowed."""

    def __init__(self, message: str, code: str = "BAD_USER_INPUT", **extensions: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extensions = {"code": code, **extensions}


class RequestErrors(Exception):
    """The request is refused as a whole: an answer with errors and without data."""

    def __init__(
        self,
        errors: Iterable[GraphQLError],
        *,
        headers: dict[str, str] | None = None,
        extensions: dict[str, Any] | None = None,
    ) -> None:
        self.errors = list(errors)
        self.headers = headers or {}  # of the HTTP response
        self.extensions = extensions or {}  # of the answer
        super().__init__("; ".join(error.message for error in self.errors))

    @property
    def code(self) -> str:
        """The code that decides the status: that of the first error."""
        return str((self.errors[0].extensions or {}).get("code", "INTERNAL_SERVER_ERROR"))


def refusal(
    code: str, message: str, *, headers: dict[str, str] | None = None, **extensions: Any
) -> RequestErrors:
    """Make the refusal of a request, for one reason; `extensions` go beside its code."""
    error = GraphQLError(message, extensions={"code": code, **extensions})
    return RequestErrors([error], headers=headers)


def with_code(error: GraphQLError, code: str) -> GraphQLError:
    """Give an error of graphql-core the code of its phase, unless it has one."""
    error.extensions = {"code": code, **(error.extensions or {})}
    return error


def format_error(error: GraphQLError, request_id: str = "") -> dict[str, Any]:
    """Make the dict of the answer's `errors`: message, locations, path, extensions.code.

    An error from a resolver keeps its message when it is a `UserError` (or a GraphQLError, which
    graphql-core raises for bad arguments); any other is logged and masked.
    """
    message, extensions = _told(error, request_id)
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    formatted["extensions"] = extensions
    return formatted


def hide_suggestions(errors: list[dict[str, Any]]) -> None:
    """Cut "Did you mean ...?" from messages: coercing a variable names fields and values too."""
    for error in errors:
        error["message"] = SUGGESTION.sub("", error["message"])


def masked(request_id: str) -> tuple[str, dict[str, Any]]:
    """Say what a client reads of an error that nobody foresaw."""
    extensions = {"code": "INTERNAL_SERVER_ERROR"}
    if not request_id:
        return "Something went wrong here.", extensions
    return f"Something went wrong here. The log has it under {request_id}.", extensions


def _told(error: GraphQLError, request_id: str) -> tuple[str, dict[str, Any]]:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, UserError):
        return cause.message, cause.extensions
    if cause is None or isinstance(cause, GraphQLError):
        default = (
            "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "BAD_USER_INPUT"
        )
        return error.message, {"code": default, **(error.extensions or {})}
    return foreseen(cause, request_id) or _unforeseen(cause, error.path, request_id)


def foreseen(cause: BaseException, request_id: str) -> tuple[str, dict[str, Any]] | None:
    """Say what a client reads of one in `FORESEEN`, None for any other error."""
    for kind, code, message in FORESEEN:
        if isinstance(cause, kind):
            log.warning("request %s: %s", request_id, cause)
            return message, {"code": code}
    return None


def _unforeseen(cause: BaseException, where: Any, request_id: str) -> tuple[str, dict[str, Any]]:
    log.error("request %s: %s at %s", request_id, cause, where, exc_info=cause)
    return masked(request_id)
