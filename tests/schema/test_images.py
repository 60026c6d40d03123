"""The best image for a box, what is known of an image, and who shows it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from seed.derive import index_article, index_provider
from store.store import Store
from tests.conftest import Run
from tests.schema.asking import ask

BOTH = pytest.mark.parametrize("compiled", [True, False])
SIZES = {"s": (100, 50), "m": (400, 300), "wide": (900, 100), "l": (1200, 900)}
LOGO = {"url": "https://img.example/logo.png", "width": 50, "height": 50}


def url(name: str) -> str:
    return f"https://img.example/{name}.jpg"


def image(name: str) -> dict[str, Any]:
    width, height = SIZES[name]
    return {"url": url(name), "width": width, "height": height}


async def write(store: Store, **articles: list[dict[str, Any]]) -> None:
    """Articles by slug with these images, newest last; `images` knows the size of `unsized`."""
    for day, (slug, images) in enumerate(articles.items(), 1):
        doc: dict[str, Any] = {"_id": slug, "title": slug, "images": images}
        doc["publishedDateTime"] = datetime(2024, 1, day, tzinfo=UTC)
        doc["provider"] = {"name": "P", "domain": "p.example"}
        await store.database["articles"].insert_one({**doc, "_index": index_article(doc)})
    known = {"_id": url("unsized"), "url": url("unsized"), "width": 600, "height": 400}
    await store.database["images"].insert_one(known)
    provider = {"_id": "p.example/p", "domain": "p.example", "name": "P", "images": [LOGO]}
    await store.database["providers"].insert_one({**provider, "_index": index_provider(provider)})


@BOTH
@pytest.mark.parametrize(
    ("images", "box", "best"),
    [
        # The smallest that covers the box.
        ("s m l", "(minWidth: 100)", "s"),
        ("l m s", "(minWidth: 101)", "m"),
        ("l m s", "(minWidth: 100, minHeight: 51)", "m"),
        ("s m l wide", "(minWidth: 500)", "wide"),
        ("s m l wide", "(minWidth: 500, minHeight: 101)", "l"),
        ("m l", "(minWidth: 0)", "m"),
        # No box at all, or a null one: the smallest will do.
        ("m s", "", "s"),
        ("m s", "(minWidth: null)", "s"),
        # None covers it: the largest there is.
        ("s l m", "(minWidth: 5000)", "l"),
        ("wide m", "(minWidth: 1000)", "m"),
        # A size that only `images` knows counts; an unknown one covers nothing but no box.
        ("s unsized l", "(minWidth: 500)", "unsized"),
        ("nobody s", "(minWidth: 50)", "s"),
        ("nobody", "(minWidth: 50)", "nobody"),
        # No image is null; an article does not fall back to its provider's logo.
        ("", "(minWidth: 50)", None),
    ],
)
def test_the_best_image_is_the_smallest_that_covers_the_box_else_the_largest(
    store: Store, run: Run, images: str, box: str, best: str | None, compiled: bool
) -> None:
    made = [image(one) if one in SIZES else {"url": url(one)} for one in images.split()]
    run(write(store, a=made))
    source = f'{{ article(slug: "a") {{ image{box} {{ url }} provider {{ image {{ url }} }} }} }}'
    result = run(ask(store, source, compiled=compiled))
    assert result.errors == []
    assert result.data == {
        "article": {
            "image": None if best is None else {"url": url(best)},
            "provider": {"image": {"url": LOGO["url"]}},
        }
    }


@BOTH
def test_an_image_tells_its_ratio_and_who_shows_it_newest_first(
    store: Store, run: Run, compiled: bool
) -> None:
    unsized, small = {"url": url("unsized")}, image("s")
    run(write(store, old=[small], middle=[unsized, small], new=[small], other=[{"url": url("n")}]))
    source = """{
      small: image(url: "https://img.example/unsized.jpg") {
        width height aspectRatio isCached articles { slug }
      }
      articles(first: 3) {
        nodes { images { width aspectRatio articles(first: 2) { slug } } }
      }
    }"""
    result = run(ask(store, source, compiled=compiled))
    assert result.errors == []
    known = {"width": 600, "height": 400, "aspectRatio": 1.5, "isCached": False}
    newest = [{"slug": "new"}, {"slug": "middle"}]
    of_small = {"width": 100, "aspectRatio": 2.0, "articles": newest}
    of_unsized = {"width": 600, "aspectRatio": 1.5, "articles": [{"slug": "middle"}]}
    of_n = {"width": None, "aspectRatio": None, "articles": [{"slug": "other"}]}
    assert result.data == {
        "small": known | {"articles": [{"slug": "middle"}]},
        "articles": {
            "nodes": [
                {"images": [of_n]},
                {"images": [of_small]},
                {"images": [of_unsized, of_small]},
            ]
        },
    }
