"""Plausible articles by number, always the same: for benchmarks and for trying things out.

The proportions are those of a real corpus: 31 in 100 are not published, 6 in 100 are videos,
30 in 100 list related items, one provider has half of all articles, topics follow Zipf's law.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from seed.documents import write_yaml

UNPUBLISHED, VIDEOS, RELATED, SIZED_IMAGES = 0.31, 0.06, 0.30, 0.97
_START = datetime(2019, 1, 1, tzinfo=UTC)
_MINUTES = 6 * 365 * 24 * 60
_PARENTS = ("Energy", "Transport", "Health", "Cities", "Oceans", "Software", "Money", "Food")
_AREAS = ("Policy", "Research", "Startups", "Jobs", "Safety")
TOPICS = _PARENTS + tuple(f"{parent} {area}" for parent in _PARENTS for area in _AREAS[:4])
_TOPIC_WEIGHTS = tuple(accumulate(1 / rank for rank in range(1, len(TOPICS) + 1)))
PROVIDERS = tuple(
    (f"{word} {kind}", f"{word.lower()}-{kind.lower()}.example")
    for kind in ("Post", "Wire", "Review", "Times")
    for word in (
        "Harbour",
        "Meridian",
        "Lantern",
        "Quarry",
        "Saffron",
        "Tundra",
        "Willow",
        "Zephyr",
    )
)
_PROVIDER_WEIGHTS = tuple(accumulate(1 / rank**1.2 for rank in range(1, len(PROVIDERS) + 1)))
_WORDS = """
a plan for river ports city trains new grid rural clinics open data small farms school roofs
night buses clean water young makers public maps warm homes old bridges local news wind parks
solar fields patient records harbour cranes quiet streets bike lanes seed banks storm walls
glass towers early warnings shared kitchens cheap sensors better batteries slow fashion deep
wells green steel fair wages long queues bright ideas hard numbers first results second thoughts
last chances grows shrinks opens closes returns surprises divides helps costs saves explains
tests maps counts moves waits Zürich São café naïve
""".split()  # noqa: SIM905


def topics() -> Iterator[tuple[str, str]]:
    """Path and text of every topic file: a small tree."""
    for number, name in enumerate(TOPICS):
        said = {"name": name, "keywords": [name.lower()], "hashtags": ["#" + name.replace(" ", "")]}
        if name not in _PARENTS:
            said["parent"] = name.partition(" ")[0]
        yield f"_data/topics/{number:02}-{name.lower().replace(' ', '-')}.yaml", write_yaml(said)


def organizations() -> Iterator[tuple[str, str]]:
    """Path and text of an organization file for every other provider."""
    for name, domain in PROVIDERS[::2]:
        logo = {"url": f"https://{domain}/logo-400.png", "width": 400, "height": 400}
        said = {"name": name, "domain": domain, "images": [logo]}
        yield f"_data/organizations/{domain}.md", f"---\n{write_yaml(said)}---\n"


def article(number: int, *, seed: int = 0) -> tuple[str, str]:
    """Path and text of article `number` (from 0); the same for the same number and seed."""
    dice = random.Random(seed * 1_000_003 + number)
    story = _story(number, dice)
    lines = ["---", "category: news", *_story_lines(story, "")]
    lines.append(f"heat: {dice.randrange(5, 160)}")
    lines.append(f"published: {'false' if dice.random() < UNPUBLISHED else 'true'}")
    lines += ["topics:", *(f"  - {name}" for name in _topics(dice))]
    if dice.random() < RELATED:
        lines.append("related:")
        for _ in range(dice.randrange(1, 4)):
            lines += _related(dice, number, seed)
    secured = f"RkFLRS{dice.getrandbits(96):024x}=="
    lines += [f'secured: "{secured}"', "---", "", _body(dice), ""]
    path = f"_news/{story['day'][:4]}/{story['day']}-{story['slug']}.md"
    return path, "\n".join(lines)


def _story(number: int, dice: random.Random) -> dict[str, str]:
    """What an article and a link to it have in common: made from its first rolls."""
    moment = _START + timedelta(minutes=dice.randrange(_MINUTES))
    words = dice.choices(_WORDS, k=dice.randrange(4, 9))
    title = " ".join(words).capitalize()
    slug = "".join(char for char in "-".join(words).lower() if char.isascii())
    name, domain = PROVIDERS[dice.choices(range(len(PROVIDERS)), cum_weights=_PROVIDER_WEIGHTS)[0]]
    video = dice.random() < VIDEOS
    return {
        "title": f"{title} {number}",
        "slug": f"{slug}-{number}",
        "day": moment.strftime("%Y-%m-%d"),
        "instant": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "name": name,
        "domain": domain,
        "type": "video" if video else "article",
        "url": f"https://{domain}/{moment:%Y/%m}/{slug}-{number}",
        "excerpt": " ".join(dice.choices(_WORDS, k=dice.randrange(12, 30))).capitalize() + ".",
        "quality": str(dice.randrange(5, 155)),
        "image": f"https://images.{domain}/{number % 50_000}.jpg",
        "sized": "yes" if dice.random() < SIZED_IMAGES else "",
        "logo": "yes" if dice.random() < 0.85 else "",
    }


def _story_lines(story: dict[str, str], indent: str) -> Iterator[str]:
    yield f'{indent}title: "{story["title"]}"'
    yield f'{indent}excerpt: "{story["excerpt"]}"'
    yield f"{indent}publishedDateTime: {story['instant']}"
    yield f'{indent}originalUrl: "{story["url"]}"'
    if story["type"] != "video":
        yield f'{indent}webUrl: "{story["url"]}"'
    yield f"{indent}type: {story['type']}"
    yield f"{indent}quality: {story['quality']}"
    yield f"{indent}provider:"
    yield f"{indent}  name: {story['name']}"
    yield f"{indent}  domain: {story['domain']}"
    if story["logo"] and not indent:
        yield f"{indent}  images:"
        yield f'{indent}    - url: "https://{story["domain"]}/logo-50.png"'
        yield f"{indent}      width: 50"
        yield f"{indent}      height: 50"
    yield f"{indent}images:"
    yield f'{indent}  - url: "{story["image"]}"'
    if story["sized"]:
        yield f"{indent}    width: 1200"
        yield f"{indent}    height: 630"


def _related(dice: random.Random, number: int, seed: int) -> Iterator[str]:
    """An earlier article, as it will be found in the store, or one that is nowhere."""
    other = dice.randrange(number) if number and dice.random() < 0.6 else 10**9 + number
    story = _story(other, random.Random(seed * 1_000_003 + other))
    lines = list(_story_lines(story, "    "))
    yield "  - " + lines[0].lstrip()
    yield from lines[1:]


def _topics(dice: random.Random) -> list[str]:
    picked = dice.choices(TOPICS, cum_weights=_TOPIC_WEIGHTS, k=dice.choice((1, 1, 1, 2, 2, 3)))
    return list(dict.fromkeys(picked))


def _body(dice: random.Random) -> str:
    """Markdown of 1 to 3 KB: a heading now and then, a list, a link."""
    parts: list[str] = []
    size, wanted = 0, dice.randrange(1000, 3000)
    while size < wanted:
        words = " ".join(dice.choices(_WORDS, k=60))
        roll = dice.random()
        if roll < 0.15:
            part = f"## {words[:40].strip().capitalize()}"
        elif roll < 0.25:
            part = "\n".join(f"- {word}" for word in words.split()[:6])
        else:
            part = f"{words.capitalize()}, [says the report](https://reports.example/{len(parts)})."
        parts.append(part)
        size += len(part)
    return "\n\n".join(parts)


def tree(count: int, *, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Path and text of every file of a site with this many articles."""
    yield from topics()
    yield from organizations()
    for number in range(count):
        yield article(number, seed=seed)
