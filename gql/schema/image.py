"""``Image``, and the choice of the best image for a box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.errors import UserError
from gql.schema.fields import Args, Asked, Doc, arg, derived, doc, filled, lookup
from gql.schema.scalars import HTTP, URL
from gql.schema.selection import Selected
from loaders.articles import Newest

if TYPE_CHECKING:
    from gql.schema.article import Article


def images_of(doc: Doc) -> list[Doc]:
    """The images embedded in a document: those that have an absolute URL, in the file's order."""
    images = doc.get("images")
    if not isinstance(images, list):
        return []
    return [
        image
        for image in images
        if isinstance(image, dict)
        and isinstance(url := image.get("url"), str)
        and url.startswith(HTTP)
    ]


def images_field(description: str) -> Any:
    """The ``images`` of a type whose documents embed them."""
    return derived(description, images_of, needs=("images.url",), at="images")


def image_field() -> Any:
    """The ``image(minWidth, minHeight)`` of a type whose documents embed images."""
    return lookup(
        "The best image for a box of this size: the smallest that covers it, else the largest "
        "there is; null where there is no image.",
        "images_by_url",
        _urls_without_size,
        needs=("images.url", "images.width", "images.height"),
        many=True,
        pick=_best,
        at="images",
        args=(
            arg("minWidth", int | None, "The width of the box in pixels; left out, any will do."),
            arg("minHeight", int | None, "The height of the box in pixels; left out, any will do."),
        ),
    )


def _urls_without_size(doc: Doc, _args: Args) -> list[str]:
    return [
        image["url"]
        for image in images_of(doc)
        if image.get("width") is None or image.get("height") is None
    ]


def _best(doc: Doc, found: Sequence[Doc | None], args: Args) -> Doc | None:
    box = _side(args, "minWidth"), _side(args, "minHeight")
    known = {image["_id"]: image for image in found if image}
    sized = [(_size(image, known.get(image["url"])), image) for image in images_of(doc)]
    if not sized:
        return None
    covering = [one for one in sized if one[0][0] >= box[0] and one[0][1] >= box[1]]
    if covering:
        return min(covering, key=_area)[1]
    return max(sized, key=_area)[1]


def _side(args: Args, name: str) -> int:
    side: int | None = args.get(name)
    if side is None:
        return 0
    if side < 0:
        raise UserError(f'Argument "{name}" is {side}; allowed are 0 and more pixels.')
    return side


def _size(image: Doc, known: Doc | None) -> tuple[int, int]:
    width, height = (_filled(image, known, side) for side in ("width", "height"))
    return (
        width if isinstance(width, int) else 0,
        height if isinstance(height, int) else 0,
    )


def _area(one: tuple[tuple[int, int], Doc]) -> int:
    (width, height), _ = one
    return width * height


def _filled(image: Doc, known: Doc | None, key: str) -> Any:
    value = image.get(key)
    if value is None and known is not None:
        return known.get(key)
    return value


def _aspect_ratio(image: Doc, known: Doc | None) -> float | None:
    width, height = _size(image, known)
    return width / height if width and height else None


def _unless_sized(image: Doc) -> str | None:
    sized = image.get("width") is not None and image.get("height") is not None
    return None if sized else image["url"]


MAX_LIST = 100


def list_size(args: Args, default: int = 10) -> int:
    """The ``first`` of a plain list, 1 to 100."""
    first = args.get("first")
    if first is None:
        return default
    if not 1 <= first <= MAX_LIST:
        raise UserError(f'Argument "first" is {first}; allowed are 1 to {MAX_LIST}.')
    return int(first)


def _newest(selected: Selected) -> Asked:
    paths = selected.paths()
    return lambda args: Newest(list_size(args), paths)


def _known(description: str, default: Any = None) -> Any:
    """What the document that shows an image may say of it, and ``images`` knows otherwise."""
    return filled(description, "images_by_url", "url", default=default)


@strawberry.type(description="A picture by its address, with what the store knows of it.")
class Image:
    """An image as a document embeds it, or as ``images`` holds it."""

    url: URL = doc("Where the picture is.")
    width: int | None = _known("In pixels; null where nothing in the store knows it.")
    height: int | None = _known("In pixels; null where nothing in the store knows it.")
    aspect_ratio: float | None = lookup(
        "Width over height; null where either is unknown.",
        "images_by_url",
        _unless_sized,
        needs=("url", "width", "height"),
        pick=_aspect_ratio,
    )
    is_cached: bool = _known(
        "Whether the feed that named the picture keeps a copy of it.", default=False
    )
    title: str | None = _known("A caption, where a file gives one.")
    attribution: str | None = _known("Whom to credit, where a file says so.")
    articles: list[Annotated[Article, strawberry.lazy("gql.schema.article")]] = lookup(
        "The articles that show this image, newest first.",
        "articles_by_image",
        lambda image, _args: image["url"],
        needs=("url",),
        request=_newest,
        args=(arg("first", int | None, "How many at most: 1 to 100, 10 where not given."),),
    )
