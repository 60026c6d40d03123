"""A load that is killed: readers see what was before or all of it, and the next load completes."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

from seed.generate import article, tree
from seed.load import load
from store.write import Writing
from tests.seed.helpers import everything, put

KILLS = int(os.environ.get("NEWSSTAND_TEST_KILLS", "4"))
DICE = int(os.environ.get("NEWSSTAND_TEST_DICE", "7"))
FILES = 300
LIMITS = ("100000", "60")  # one transaction, and staged


def test_a_load_that_is_killed_leaves_the_old_state_and_the_next_one_completes(
    store, run, tmp_path, mongod_uri
):
    for path, text in tree(FILES):
        put(tmp_path, path, text)
    run(load(store, [tmp_path]))
    environ = {**os.environ, "MONGODB_URI": mongod_uri, "MONGODB_DB": store.database.name}
    steps = {}
    for limit in LIMITS:  # which there are, of loads that nobody kills
        mark(tmp_path, -int(limit))
        returned, told = killed(tmp_path, limit, environ, after=None)
        assert returned == 0
        steps[limit] = told
    dice, landed, before = random.Random(DICE), [], run(_state(store))
    found: Counter[str] = Counter()
    for kill in range(KILLS):
        marks, limit = kill + 1, LIMITS[kill % 2]
        mark(tmp_path, marks)
        after = some_step(dice, steps[limit])
        returned, told = killed(tmp_path, limit, environ, after=after)
        landed += [told[-1]] if returned == -signal.SIGKILL else []
        seen = run(_state(store))
        run(load(store, [tmp_path]))
        done = run(_state(store))
        assert done["topics mark-" + str(marks)]["_index"]["articleCount"] > FILES / 2
        assert done["loads"] == before["loads"] + 1
        assert seen in (before, done), f"{limit}, {after}: {told[-3:]}"
        found["old" if seen == before else "new"] += 1
        names = run(store.database.list_collection_names())
        assert not [name for name in names if ".next-" in name]
        before = done
    print(f"{len(landed)} of {KILLS} kills landed, readers saw {dict(found)}:")
    print(*(f"{count} {step}" for step, count in Counter(landed).most_common()), sep=", ")
    assert landed


def some_step(dice: random.Random, steps: list[str]) -> int:
    """The number of a step, from 1: each kind is as likely, however many there are of it."""
    kind = dice.choice(sorted(set(steps)))
    return dice.choice([number for number, one in enumerate(steps, 1) if one == kind])


def mark(folder: Path, marks: int) -> None:
    """Changes every article, and with them a topic that comes and one that goes."""
    for number in range(FILES):
        path, text = article(number)
        put(folder, path, text.replace("\ntopics:\n", f"\ntopics:\n  - Mark {marks}\n"))


def killed(
    folder: Path, limit: str, environ: dict[str, str], *, after: int | None
) -> tuple[int, list[str]]:
    """Kills a load once it has told of so many steps: what it returned, and the steps.

    A step is a command that it is about to send, or that was answered. It goes on while it is
    killed, so the command may be on its way, or done, or the next one too.
    """
    command = [sys.executable, "-m", "tests.seed.telling", limit, str(folder), "--wait", "30"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stdout is not None
        told = [line.strip() for line in islice(child.stdout, after)]
        if after is not None:
            child.send_signal(signal.SIGKILL)
        return child.wait(), told


async def _state(store) -> dict:
    """All that readers may see, and how many loads brought it about."""
    return {**await everything(store), "loads": await Writing(store).count("loads", {})}
