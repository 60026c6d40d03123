"""What the store keeps of a load: a document of `loads`, and one of `issues` for each issue.

Both are served by GraphQL, so files are named as their site knows them, never as the machine
that loaded does; lines of files are left out, and so is what was said of confidential keys.
"""

import os
from collections.abc import Mapping
from typing import Any

from seed.derive import Doc
from seed.issues import Issue
from seed.report import OUTCOMES, Report, now
from store.write import Writing

KEPT_LOADS = 100
KEPT_ISSUES = 500  # of a load, errors first


async def note(writing: Writing, report: Report, folders: Mapping[str, str]) -> None:
    """Notes a load that is about to become visible, and forgets those that are long past.

    `folders`: where each site stood, by its name.
    """
    assert report.number is not None
    past = {"$lte": report.number - KEPT_LOADS}
    await writing.remove_where("loads", {"_id": past})
    await writing.remove_where("issues", {"load": past})
    await writing.put("loads", [load_document(report, folders)])
    await writing.insert("issues", issue_documents(report, folders))


def load_document(report: Report, folders: Mapping[str, str]) -> Doc:
    """The document of `loads`: when, from where, how many of each."""
    return {
        "_id": report.number,
        "startedAt": report.started_at,
        "finishedAt": report.finished_at or now(),
        "sites": sorted(folders),
        "paths": report.paths,
        "counts": {one: report.counts[one] for one in OUTCOMES},
        "issueCount": report.found.total,
    }


def issue_documents(report: Report, folders: Mapping[str, str]) -> list[Doc]:
    """The documents of `issues`, in their order: errors first, then by file and line."""
    issues = sorted(report.issues, key=lambda one: one.severity)  # of each, by file and line
    return [
        {"_id": f"{report.number:09}/{place:04}", "load": report.number, **_said(one, folders)}
        for place, one in enumerate(issues[:KEPT_ISSUES])
    ]


def _said(one: Issue, folders: Mapping[str, str]) -> dict[str, Any]:
    site, path = _place(one.path, folders)
    came = one.came
    for folder in folders.values():  # another file may be named in it
        came = came.replace(folder + os.sep, "") if folder != os.curdir else came
    said: dict[str, Any] = {
        "site": site,
        "path": path,
        "line": one.line,
        "column": one.column,
        "rule": one.rule,
        "severity": one.severity,
        "came": came,
        "allowed": one.allowed,
        "_index": {"visible": one.visible},
    }
    return {**said, "suggestion": one.suggestion} if one.suggestion else said


def _place(path: str, folders: Mapping[str, str]) -> tuple[str, str]:
    """The site that a file is in, and where it stands there."""
    for name, folder in sorted(folders.items(), key=lambda pair: -len(pair[1])):
        inside = os.path.relpath(path, folder)
        if not inside.startswith(os.pardir):
            return name, inside.replace(os.sep, "/")
    return "", os.path.basename(path)
