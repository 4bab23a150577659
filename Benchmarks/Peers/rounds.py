"""Rounds: everybody in turn, several times, and of each the median."""

import statistics

from failure import NotYet

WARM_UP = 1


class Row:
    """What was measured of one contestant."""

    def __init__(self, name, readings=(), skipped=None):
        self.name, self.readings, self.skipped = name, list(readings), skipped

    def values(self, key):
        """The readings' values of one kind."""
        found = [getattr(reading, key) for reading in self.readings]
        return [value for value in found if value is not None]

    def median(self, key):
        """The median over the rounds; `None` if there is none."""
        values = self.values(key)
        return statistics.median(values) if values else None

    def spread(self, key="per_second"):
        """How far the rounds lie apart, as a share of their median."""
        values = self.values(key)
        return (max(values) - min(values)) / statistics.median(values) if values else None

    def as_json(self):
        """For the file beside the report."""
        return {"name": self.name, "skipped": self.skipped, "rounds": [vars(reading) for reading in self.readings]}


def play(contestants, rounds, seconds, say, pause):
    """Starts everybody, measures them in turn and ends them; `pause` is called between two rounds."""
    rows = {}
    started = []
    try:
        for contestant in contestants:
            reason = contestant.reason_to_skip()
            try:
                if reason is None:
                    say(f"  starting {contestant.name}")
                    started.append(contestant)
                    contestant.start()
                    contestant.measure(WARM_UP)
            except NotYet as failure:
                reason = str(failure)
                contestant.stop()
                started.remove(contestant)
            if reason:
                say(f"  skipped: {contestant.name}: {reason}")
            rows[contestant.name] = Row(contestant.name, skipped=reason)
        for number in range(rounds):
            if number:
                pause()
            for contestant in started:
                reading = contestant.measure(seconds)
                rows[contestant.name].readings.append(reading)
                say(f"  round {number + 1} of {rounds}: {contestant.name:<34} {reading.per_second:>9,.0f}/s  "
                    f"{reading.cpu_microseconds:6.2f} µs CPU  others {reading.others:.0%} of a core")
    finally:
        for contestant in started:
            contestant.stop()
    return list(rows.values())
