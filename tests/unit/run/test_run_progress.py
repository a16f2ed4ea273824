"""What is said of work in progress."""

import io

import pytest

from sim.run.progress import Progress, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_rate_and_what_is_left_on_a_terminal_only():
    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        now = [0.0]
        bar = Progress(1000, stream, clock=lambda now=now: now[0])
        now[0] = 2.0
        bar.advance(250)
        bar.end()
        assert ("25%  125 members/s  6.0 s left" in stream.getvalue()) == shown
        assert bool(stream.getvalue()) == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.25, "0.2 s"), (42.0, "42 s"), (200.0, "3 min 20 s"), (7500.0, "2 h 05 min")],
)
def test_durations_are_said_as_people_do(seconds, said):
    assert duration(seconds) == said
