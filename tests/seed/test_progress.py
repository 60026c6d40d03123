"""What the line beside a load says."""

import pytest

from seed.progress import pace


@pytest.mark.parametrize(
    ("done", "seconds", "total", "words"),
    [
        (0, 1.0, 100, ""),
        (10, 0.0, 100, ""),
        (2_000, 1.0, None, "2,000/s"),
        (2_000, 1.0, 26_000, "2,000/s, 0:12 left"),
        (100, 1.0, 6_100, "100/s, 1:00 left"),
        (100, 1.0, 100, "100/s, 0:00 left"),
        (300, 1.0, 100, "300/s, 0:00 left"),
    ],
)
def test_the_line_tells_the_rate_and_the_time_left(done, seconds, total, words):
    assert pace(done, seconds, total) == words
