"""Markdown to HTML that is safe to put into a page."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def html_of(markdown: str) -> str:
    """The Markdown (CommonMark, tables, strikethrough, inline HTML) as HTML. Whatever could run
    or load code (scripts, handlers, frames, ``javascript:``) is taken out by nh3's allow list.
    """
    return nh3.clean(_markdown.render(markdown))
