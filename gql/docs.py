"""The docs as pages: `docs/*.md` in, HTML out. They stand in the checkout, and in the wheel."""

from __future__ import annotations

import html
import re
from pathlib import Path

from markdown_it import MarkdownIt

HERE = Path(__file__).parent
CHECKOUT = HERE.parent / "docs"
DOCS = CHECKOUT if CHECKOUT.is_dir() else HERE / "docs"


def contents() -> list[tuple[str, str]]:
    """(file name, title) of every page, the tour first."""
    pages = [(path.name, _title(path)) for path in DOCS.glob("*.md")]
    return sorted(pages, key=lambda page: (page[0] != "tour.md", page[1].casefold()))


def contents_html() -> str:
    """The list of pages as HTML."""
    rows = [
        f'<li><a href="/docs/{name}">{html.escape(title)}</a></li>' for name, title in contents()
    ]
    return f"<h2>Docs</h2><ul>{''.join(rows)}</ul>"


def page_html(name: str) -> str | None:
    """One page as HTML; None where there is no such page."""
    if name not in {known for known, _ in contents()}:
        return None
    text = (DOCS / name).read_text(encoding="utf-8")
    # What lies outside docs/ is not served: such a link becomes its text.
    text = re.sub(r"\[([^\]]+)\]\(\.\./[^)]*\)", r"\1", text)
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return next((line[2:].strip() for line in lines if line.startswith("# ")), path.stem)
