"""`contentHtml`: Markdown as HTML, and nothing in it that could run."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gql.markdown import html_of

ATTEMPTS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror\n=\n'alert(1)'>",
    '<img src="javascript:alert(1)">',
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://e.example "onclick=alert(1)")',
    '[x](https://e.example/" onmouseover="alert(1))',
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='jav\tascript:alert(1)'>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<input onfocus=alert(1) autofocus>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<link rel=stylesheet href='javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "<p id=x class=y onclick=alert(1)>x</p>",
    "\u003cscript\u003ealert(1)\u003c/script\u003e",
    "<a href='https://e.example' target=_blank>x</a>",
]
HARMLESS_TAGS = frozenset(
    """
    a abbr b blockquote br code col del details div em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s
    span strong sub summary sup table tbody td th thead tr u ul
    """.split()  # noqa: SIM905
)
HARMLESS_ATTRIBUTES = frozenset(
    ["href", "src", "alt", "title", "rel", "start", "align", "open", "class", "width", "height"]
)
SCHEME = re.compile(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


class Reading(HTMLParser):
    """Holds HTML to what is harmless."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HARMLESS_TAGS, tag
        for name, value in attrs:
            assert name in HARMLESS_ATTRIBUTES, name
            if name in ("href", "src"):
                scheme = SCHEME.match(value or "")
                assert scheme is None or scheme[1].lower() in ("http", "https", "mailto"), value
            if tag == "a" and name == "rel":
                assert value == "noopener noreferrer"


def read(html: str) -> None:
    reading = Reading()
    reading.feed(html)
    reading.close()


@pytest.mark.parametrize("markdown", ATTEMPTS)
def test_an_attempt_to_run_something_comes_out_harmless(markdown: str) -> None:
    read(html_of(markdown))
    read(html_of(f"# Before\n\n{markdown}\n\nafter"))


pieces = st.sampled_from(
    ["<", ">", "script", "img ", "svg", "src=", "on", "error=", "x", "'", '"', "`", "[", "](",
     ")", "javascript:", "\n", "&lt;", "<!--", "-->", "/", " ", "<a href="]
)  # fmt: skip


@given(st.lists(pieces, max_size=25))
def test_no_mixture_of_pieces_comes_out_harmful(parts: list[str]) -> None:
    read(html_of("".join(parts)))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("", ""),
        ("# A *b*", "<h1>A <em>b</em></h1>\n"),
        ("a <b>c</b>", "<p>a <b>c</b></p>\n"),
        ("~~a~~", "<p><s>a</s></p>\n"),
        (
            "[a](https://e.example/)",
            '<p><a href="https://e.example/" rel="noopener noreferrer">a</a></p>\n',
        ),
        ("![a](https://e.example/i.png)", '<p><img src="https://e.example/i.png" alt="a"></p>\n'),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert html_of(markdown) == html
