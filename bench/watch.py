"""How long a changed file takes until GraphQL answers it: `newsstand seed --watch` beside
`newsstand serve`, with Newsstand's own MongoDB. Run: python -m bench.watch --files 1000
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench.processes import ROOT, free_port
from seed.generate import tree

TRIES = 10
MAX_SECONDS = 60.0
SLUG = "2020-01-01-watched"
BODY = json.dumps({"query": f'{{ article(slug: "{SLUG}") {{ title topics {{ name }} }} }}'})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000, help="articles beside the changed one")
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory(prefix="newsstand-watch-") as folder:
        site, port = Path(folder) / "site", free_port()
        for path, text in tree(files):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(text)
        own = {"NEWSSTAND_DATA_DIR": f"{folder}/data", "NEWSSTAND_PORT": str(port)}
        environment = {**os.environ, **own, "MONGODB_URI": ""}
        with running(environment, "serve"), running(environment, "seed", "--watch", str(site)):
            change(site, port, 0)  # until both have started
            took = [change(site, port, number + 1) for number in range(TRIES)]
    median, worst = statistics.median(took), max(took)
    print(f"{files:,} files, {TRIES} tries: median {median:.2f} s, worst {worst:.2f} s")


@contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator[None]:
    command, quiet = [sys.executable, "-m", "gql", *arguments], subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=quiet, stdout=quiet) as child:
        try:
            yield
        finally:
            child.send_signal(signal.SIGINT)


def change(site: Path, port: int, number: int) -> float:
    """Seconds from a file with another title and a new topic until both are answered."""
    wanted = {"title": f"New {number}", "topics": [{"name": f"Topic {number}"}]}
    text = f"---\ntitle: New {number}\ntopics: [Topic {number}]\n---\n"
    headers = {"content-type": "application/json"}
    asked = Request(f"http://127.0.0.1:{port}/graphql", BODY.encode(), headers)
    (site / "_news" / f"{SLUG}.md").write_text(text)
    started = time.perf_counter()
    while time.perf_counter() - started < MAX_SECONDS:
        with suppress(URLError, ConnectionError), urlopen(asked, timeout=10) as said:
            if json.load(said)["data"]["article"] == wanted:
                return time.perf_counter() - started
        time.sleep(0.005)
    raise SystemExit(f"Change {number} was not answered within {MAX_SECONDS:.0f} seconds.")


if __name__ == "__main__":
    main()
