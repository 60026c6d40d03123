"""What a load came to: for a person, for a machine, and for the `loads` collection."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from seed.findings import Findings
from seed.issues import Issue

# What can happen to a file, in the order in which it is told.
OUTCOMES = ("added", "changed", "renamed", "unchanged", "removed", "refused", "skipped")
MAX_KEPT_CHANGES = 10_000


def now() -> datetime:
    """This instant, as exact as MongoDB keeps it."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


@dataclass(slots=True)
class Report:
    """The outcome of one load, filled while it runs."""

    paths: list[str]
    started_at: datetime = field(default_factory=now)
    finished_at: datetime | None = None
    number: int | None = None  # of the load, where it wrote something
    dry_run: bool = False
    is_check: bool = False
    counts: Counter[str] = field(default_factory=Counter)  # files by outcome
    collections: dict[str, int] = field(default_factory=dict)  # documents after the load
    found: Findings = field(default_factory=Findings)
    gone: list[str] = field(default_factory=list)  # paths of files that are no more, not pruned
    changes: list[dict[str, Any]] = field(default_factory=list)  # the first MAX_KEPT_CHANGES

    def change(self, outcome: str, path: str, doc_id: str, **more: Any) -> None:
        """Notes what happened to one file."""
        self.counts[outcome] += 1
        if len(self.changes) < MAX_KEPT_CHANGES:
            self.changes.append({"outcome": outcome, "path": path, "id": doc_id, **more})

    def finish(self) -> None:
        """Ends the clock."""
        self.finished_at = now()

    @property
    def issues(self) -> list[Issue]:
        """The issues that are kept, in the order of files."""
        return self.found.kept

    @property
    def seconds(self) -> float:
        """How long it took."""
        return ((self.finished_at or now()) - self.started_at).total_seconds()

    @property
    def has_written(self) -> bool:
        """Whether anything is different from before."""
        return any(self.counts[one] for one in ("added", "changed", "renamed", "removed"))

    @property
    def files(self) -> int:
        """How many files were looked at."""
        return sum(count for outcome, count in self.counts.items() if outcome != "removed")

    @property
    def exit_code(self) -> int:
        """0 where all went well, 1 where some files were refused."""
        return 1 if self.found.errors else 0

    def summary(self) -> str:
        """One line for a person."""
        told = [f"{self.counts[one]:,} {one}" for one in OUTCOMES if self._is_told(one)]
        rate = self.files / self.seconds if self.seconds > 0 else 0
        took = f"{self.files:,} files in {self.seconds:.1f} s ({rate:,.0f}/s)"
        if self.is_check:
            errors = self.found.errors
            warnings = self.found.total - errors
            return f"Checked: {errors:,} errors, {warnings:,} warnings; {took}"
        head = "Would load" if self.dry_run else (f"Load {self.number}" if self.number else "Seed")
        return f"{head}: {', '.join(told)}; {took}"

    def _is_told(self, outcome: str) -> bool:
        return self.counts[outcome] > 0 or outcome in ("added", "changed", "unchanged", "refused")

    def as_json(self) -> dict[str, Any]:
        """The report as `--json` prints it."""
        return {
            "load": self.number,
            "dryRun": self.dry_run,
            "paths": self.paths,
            "startedAt": self.started_at.isoformat(),
            "finishedAt": self.finished_at.isoformat() if self.finished_at else None,
            "seconds": round(self.seconds, 3),
            "counts": {one: self.counts[one] for one in OUTCOMES},
            "collections": self.collections,
            "gone": self.gone,
            "changes": self.changes,
            "issueCounts": dict(sorted(self.found.by_rule.items())),
            "issuesLeftOut": self.found.left_out.total(),
            "issues": [one.as_json() for one in self.issues],
        }


def lines(found: Findings, *, most_warnings: int | None = 3, carets: bool = False) -> Iterator[str]:
    """A line an issue: every error, and the first few warnings of each rule; then how many more.

    With `carets` the line of the file follows, and a caret under the place.
    """
    shown: Counter[str] = Counter()
    for one in found.kept:
        if one.severity == "error" or most_warnings is None or shown[one.rule] < most_warnings:
            shown[one.rule] += 1
            yield str(one)
            if carets and one.excerpt is not None:
                yield f"    {one.excerpt}"
                yield f"    {_caret(one)}"
    left_out = found.left_out
    for rule, count in (found.by_rule - shown).items():
        hint = "--check shows them all"
        if left_out[rule]:
            hint = f"{left_out[rule]:,} of them are counted and not listed"
        yield f"... and {count:,} more of [{rule}]; {hint}"


def _caret(one: Issue) -> str:
    before = (one.excerpt or "")[: one.column - 1]
    return "".join("\t" if char == "\t" else " " for char in before) + "^"
