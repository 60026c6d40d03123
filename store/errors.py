"""What can go wrong in the store; a driver's own errors never leave this room."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from bson.errors import BSONError
from pymongo import errors as mongo


class StoreError(Exception):
    """Something the store could not do; the message is for operators, not for clients."""


class StoreUnavailable(StoreError):
    """MongoDB cannot be reached now; it may be again at the next call."""


class DeadlineExceeded(StoreError):
    """The time that the caller gave is used up."""


class StoreConflict(StoreError):
    """A write met another: a duplicate key, or a transaction that has to be run again."""


# Server codes, https://www.mongodb.com/docs/manual/reference/error-codes/
_TIME_LIMIT_CODES = frozenset({50, 262})  # MaxTimeMSExpired, ExceededTimeLimit
_CONFLICT_CODES = frozenset({112, 251, 11000, 11001})  # WriteConflict, NoSuchTransaction, ...
_AWAY_CODES = frozenset({91, 189, 10107, 11600, 11602, 13435, 13436})  # shutting down, no primary
_PLAN_KILLED = 175  # QueryPlanKilled: the collection was renamed or dropped under a command


def was_swapped(error: Exception) -> bool:
    """Whether a read ended because other collections took the place of those that it read."""
    return isinstance(error, mongo.OperationFailure) and error.code == _PLAN_KILLED


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turns what a driver raises into a StoreError that says what was being done."""
    try:
        yield
    except Exception as error:
        raise translation(error, doing) from error


def translation(error: Exception, doing: str) -> Exception:
    """The StoreError for what a driver raised; any other error stays itself."""
    if isinstance(error, mongo.ConnectionFailure | mongo.WaitQueueTimeoutError):
        return StoreUnavailable(f"MongoDB is out of reach while {doing}: {_said(error)}")
    if isinstance(error, mongo.PyMongoError):
        return _kind(error)(f"MongoDB refused while {doing}: {_said(error)}")
    if isinstance(error, BSONError | UnicodeEncodeError | OverflowError):
        return StoreError(f"A value cannot be sent to MongoDB while {doing}: {error}")
    return error


# A server's message can quote a whole document, or a list of all that a bulk write did.
_MAX_MESSAGE_LENGTH = 300
# What the driver puts behind a message: all it knows of the servers, or the whole answer.
_BEHIND = re.compile(r", (Timeout: \S+, Topology Description: |full error: ).*", re.DOTALL)


def _said(error: mongo.PyMongoError) -> str:
    """What the server said, without the details that the driver puts behind it."""
    details = getattr(error, "details", None)
    details = details if isinstance(details, dict) else {}
    first = next(iter(details.get("writeErrors") or ()), details)
    return _BEHIND.sub("", str(first.get("errmsg") or error))[:_MAX_MESSAGE_LENGTH]


def _kind(error: Exception) -> type[StoreError]:
    code = getattr(error, "code", None)
    if code in _TIME_LIMIT_CODES:
        return DeadlineExceeded
    if code in _CONFLICT_CODES:
        return StoreConflict
    return StoreUnavailable if code in _AWAY_CODES else StoreError
