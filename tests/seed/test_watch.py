"""Watching: a storm of renames, a git checkout, a broken file, a clean end."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change

from seed.cli import _own_files
from seed.generate import tree
from seed.load import Options
from seed.watch import follow, matters
from tests.schema.asking import data_of
from tests.seed.helpers import everything, put

SECONDS = 60  # a deadline, not a wait


async def watched(store, folder, steps: list[Callable[[], Callable[..., bool]]]) -> list:
    """Runs each step, and waits until the store, and the reports since the step, are as it says:
    a report may be of the step before, which the watcher saw in two parts.
    """
    told: asyncio.Queue = asyncio.Queue()
    stop = asyncio.Event()
    task = asyncio.create_task(follow(store, [folder], Options(prune=True), told.put_nowait, stop))
    reports = []

    async def until(holds: Callable[..., bool]) -> None:
        begun = len(reports)
        while True:
            reports.append(await told.get())
            if holds(await everything(store), reports[begun:]):
                return

    try:
        for step in steps:
            holds = step()
            await asyncio.wait_for(until(holds), SECONDS)
    finally:
        stop.set()
        await asyncio.wait_for(task, SECONDS)
    return reports


def articles(found: dict) -> set[str]:
    return {key for key in found if key.startswith("articles ")}


def test_a_storm_of_renames_ends_in_the_tree_as_it_stands(store, run, tmp_path):
    files = [(tmp_path / path, text) for path, text in tree(60) if path.startswith("_news")]
    names = {f"articles {file.stem}" for file, _ in files}

    def fill():
        for file, text in files:
            put(file.parent, file.name, text)
        return lambda found, _: articles(found) == names

    def storm():
        for number, (file, _) in enumerate(files):
            for step in range(3):  # each file moves on and on
                target = file.with_name(f"moving-{step}-{number}.md")
                file = file.rename(target)
            target = tmp_path / "_news" / "moved" / files[number][0].name
            target.parent.mkdir(exist_ok=True)
            file.rename(target)
        return lambda found, _: (
            articles(found) == names
            and all(
                doc["_seed"]["path"].startswith("_news/moved/")
                for key, doc in found.items()
                if key in names
            )
        )

    run(watched(store, tmp_path, [fill, storm]))


def test_a_git_checkout_is_loaded_and_so_is_the_way_back(store, run, tmp_path):
    def git(*arguments: str) -> None:
        own = [
            "-c",
            "user.name=n",
            "-c",
            "user.email=n@example.org",
            "-c",
            "init.defaultBranch=one",
        ]
        subprocess.run(["git", *own, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def first():
        git("init")
        for number in range(20):
            put(tmp_path, f"_news/2020-01-01-a{number}.md", f"---\ntitle: One {number}\n---\n")
        git("add", ".")
        git("commit", "-m", "one")
        return lambda found, _: len(articles(found)) == 20

    def second():
        git("checkout", "-b", "two")
        for number in range(10):
            put(tmp_path, f"_news/2020-01-01-a{number}.md", f"---\ntitle: Two {number}\n---\n")
            (tmp_path / f"_news/2020-01-01-a{number + 10}.md").unlink()
        git("commit", "-am", "two")
        return lambda found, _: (
            len(articles(found)) == 10
            and {found[key]["title"][:3] for key in articles(found)} == {"Two"}
        )

    def back():
        git("checkout", "one")
        return lambda found, _: (
            len(articles(found)) == 20
            and {found[key]["title"][:3] for key in articles(found)} == {"One"}
        )

    run(watched(store, tmp_path, [first, second, back]))


def test_a_broken_file_keeps_the_article_as_it_was_and_what_is_mended_is_served(
    store, run, tmp_path
):
    def good():
        put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: Good\n---\n")
        return lambda found, _: bool(articles(found))

    def broken():
        put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: [\n---\n")
        return lambda found, since: (
            any(one.found.errors for one in since)
            and found["articles 2020-01-01-a"]["title"] == "Good"
        )

    def mended():
        put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: Mended\n---\n")
        return lambda found, _: found["articles 2020-01-01-a"]["title"] == "Mended"

    run(watched(store, tmp_path, [good, broken, mended]))
    served = run(data_of(store, "{ articles { nodes { title } } }"))
    assert served == {"articles": {"nodes": [{"title": "Mended"}]}}


def test_what_mongodb_writes_within_the_tree_is_no_change(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path)
    ask = matters(Path("data"))
    for path in ("data", "data/db/WiredTiger.wt", "./data/mongod.log", "link/data/socket"):
        assert not ask(Change.modified, path)
        assert not ask(Change.modified, str(tmp_path / path))
    for path in ("_data/topics/a.yaml", "data.md", "database/a.md", "_news"):
        assert ask(Change.modified, path)
        assert matters(None)(Change.modified, str(tmp_path / path))
    assert not ask(Change.modified, ".git/index")


def test_a_tree_within_the_data_directory_is_followed_all_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert _own_files(data, [tmp_path]) == data  # the tree holds what MongoDB writes
    assert _own_files(data, [data / "articles"]) is None
