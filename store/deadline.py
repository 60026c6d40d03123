"""How much time is left for a piece of work."""

import time


class Deadline:
    """A point in time, `seconds` from now on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining_seconds(self) -> float:
        """Seconds left, 0 once there are none."""
        return max(0.0, self._end - time.monotonic())

    def remaining_ms(self) -> int:
        """Whole milliseconds left, 0 once there are none."""
        return int(self.remaining_seconds() * 1000)

    @property
    def expired(self) -> bool:
        """Whether less than a millisecond is left: Mongo takes 0 for "no limit"."""
        return self.remaining_ms() == 0
