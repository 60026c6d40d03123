"""Issues as SARIF 2.1.0, which CI services show beside the lines of a change. Pure."""

from posixpath import normpath
from typing import Any

from seed.findings import Findings
from seed.issues import RULES, Issue

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(found: Findings) -> dict[str, Any]:
    """One run with every rule, a result an issue, and a word for what is counted alone."""
    rules = [
        {
            "id": name,
            "shortDescription": {"text": f"Allowed: {rule.allowed}."},
            "fullDescription": {"text": rule.why},
            "defaultConfiguration": {"level": rule.severity},
        }
        for name, rule in RULES.items()
    ]
    tool = {"driver": {"name": "newsstand seed", "rules": rules}}
    run: dict[str, Any] = {"tool": tool, "results": [_result(one) for one in found.kept]}
    if found.left_out:
        run["invocations"] = [
            {"executionSuccessful": True, "toolExecutionNotifications": _notes(found)}
        ]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _notes(found: Findings) -> list[dict[str, Any]]:
    return [
        {
            "level": "warning",
            "message": {"text": f"{count:,} more of this rule are counted and not listed."},
            "associatedRule": {"id": rule},
        }
        for rule, count in found.left_out.items()
    ]


def _result(one: Issue) -> dict[str, Any]:
    hint = f" ({one.suggestion})" if one.suggestion else ""
    place = {
        "artifactLocation": {"uri": normpath(one.path.replace("\\", "/"))},
        "region": {"startLine": one.line, "startColumn": one.column},
    }
    return {
        "ruleId": one.rule,
        "level": one.severity,
        "message": {"text": f"{one.came}; allowed: {one.allowed}{hint}"},
        "locations": [{"physicalLocation": place}],
    }
