"""Issues as SARIF 2.1.0, which CI services show beside the lines of a change. Pure."""

from collections.abc import Iterable
from typing import Any

from seed.issues import RULES, Issue

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(issues: Iterable[Issue]) -> dict[str, Any]:
    """One run with every rule and a result an issue."""
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
    run = {"tool": tool, "results": [_result(one) for one in issues]}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Issue) -> dict[str, Any]:
    hint = f" ({one.suggestion})" if one.suggestion else ""
    place = {
        "artifactLocation": {"uri": one.path.replace("\\", "/")},
        "region": {"startLine": one.line, "startColumn": one.column},
    }
    return {
        "ruleId": one.rule,
        "level": one.severity,
        "message": {"text": f"{one.came}; allowed: {one.allowed}{hint}"},
        "locations": [{"physicalLocation": place}],
    }
