"""The issues of one load: every one is counted, and so many are kept."""

from collections import Counter

from seed.issues import RULES, Issue

# Of errors, and as many warnings: a flood of one never hides the other.
KEPT = 10_000


class Findings:
    """What was found so far. Memory is bounded: what is beyond KEPT is counted alone."""

    def __init__(self) -> None:
        self.by_rule: Counter[str] = Counter()
        self._kept: dict[str, list[Issue]] = {"error": [], "warning": []}
        self._is_strict = False

    def add(self, *issues: Issue) -> None:
        """Notes issues."""
        for one in issues:
            self.by_rule[one.rule] += 1
            kept = self._kept[RULES[one.rule].severity]
            if len(kept) < KEPT:
                kept.append(one)

    def leave_out(self, rule: str) -> None:
        """Counts an issue that nobody will see."""
        self.by_rule[rule] += 1

    def be_strict(self) -> None:
        """Takes warnings for errors."""
        self._is_strict = True

    @property
    def kept(self) -> list[Issue]:
        """Those that are kept, by file and place."""
        warnings = self._kept["warning"]
        if self._is_strict:
            warnings = [one.strict() for one in warnings]
        some = [*self._kept["error"], *warnings]
        return sorted(some, key=lambda one: (one.path, one.line, one.column, one.rule))

    @property
    def total(self) -> int:
        """How many there are."""
        return self.by_rule.total()

    @property
    def errors(self) -> int:
        """How many of them are errors."""
        if self._is_strict:
            return self.total
        return sum(n for rule, n in self.by_rule.items() if RULES[rule].severity == "error")

    @property
    def left_out(self) -> Counter[str]:
        """How many of each rule are counted and not kept."""
        kept = Counter(one.rule for some in self._kept.values() for one in some)
        return self.by_rule - kept
