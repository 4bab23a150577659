"""Percentiles at 70 % of the maximum: at rest, during a reload, with a million active tenants, and of the machine."""

import re
import threading
import urllib.request

import load
from failure import Failure
from ours import BareHTTP, Headgate
from rounds import Row

SHARE = 0.7
WARM_UP = 0.5


class Reload:
    """Writes another policy in the middle of a measurement, and makes sure that it was taken over."""

    def __init__(self, world, port, after):
        self.world, self.port = world, port
        self.timer = threading.Timer(after, self.write)

    def write(self):
        self.world.variant += 1
        self.world.write_policy(self.world.variant)

    def count(self):
        """How many policies the server has taken over since its start."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            found = re.search(r'headgate_reloads_total\{result="applied"\} (\d+)', answer.read().decode())
        return int(found.group(1)) if found else 0

    def __enter__(self):
        self.before = self.count()
        self.timer.start()
        return self

    def __exit__(self, kind, *_):
        self.timer.cancel()
        self.timer.join()
        if kind is None and self.count() == self.before:
            raise Failure("the server has not taken over the policy that was written during the measurement")


class Case:
    """One server and its requests, measured at a share of what it can do."""

    def __init__(self, name, setting, requests, directory=None, kind=Headgate):
        self.name, self.setting, self.requests = name, setting, requests
        self.server = kind(name, setting, requests)
        self.server.directory = directory
        self.pacer = setting.built("pacer")

    def paced(self, rate, seconds, warm_up=0.0):
        """Asks at a rate; 0: as fast as answers come."""
        return load.paced(self.pacer, self.server.port, self.requests, rate, seconds, self.setting.load_core, warm_up)

    def run(self, say, pause, names, touch_all=0):
        """Measures; `names` are rows and whether the policy changes meanwhile."""
        rows = []
        try:
            say(f"  starting {self.name}")
            self.server.start()
            touched = 0
            while touched < touch_all:
                touched += self.paced(0, 2).requests  # each of the many tenants has asked at least once
            maximum = max(self.paced(0, self.setting.seconds / 2).per_second for _ in range(3))
            for name, reloads in names:
                rows.append(self.rounds(say, pause, name, maximum, reloads))
        finally:
            self.server.stop()
        return rows

    def rounds(self, say, pause, name, maximum, reloads):
        row = Row(f"{name}, {SHARE * maximum:,.0f}/s")
        for number in range(self.setting.rounds):
            if number:
                pause()
            reading = self.watched(maximum, reloads)
            row.readings.append(reading)
            say(f"  round {number + 1} of {self.setting.rounds}: {row.name:<50} p50 {reading.p50:7.0f}  "
                f"p99 {reading.p99:7.0f}  p99.9 {reading.p999:7.0f} µs")
        return row

    def watched(self, maximum, reloads):
        """One paced measurement, with the CPU time of the server."""
        seconds = 2 * self.setting.seconds

        def ask():
            if not reloads:
                return self.paced(SHARE * maximum, seconds, WARM_UP)
            with Reload(self.setting.world, self.server.port, after=seconds / 2):
                return self.paced(SHARE * maximum, seconds, WARM_UP)

        reading = load.quietest(ask, self.server.children)
        reading.cpu *= seconds / (seconds + WARM_UP)
        return reading


def run(setting, say, pause):
    """All cases; a quick run leaves out the million, whose server takes most of a minute to start."""
    world = setting.world
    rows = Case("headgate at 70 %", setting, world.authorize_requests()).run(
        say, pause, [("/v1/authorize", False), ("/v1/authorize, a new policy meanwhile", True)])
    pause()
    # Whoever does nothing waits as well, for a machine that stands still.
    rows += Case("bare server at 70 %", setting, world.authorize_requests(), kind=BareHTTP).run(
        say, pause, [("bare NIO answer", False)])
    pause()
    rows += Case("headgate at 70 % of checks", setting, world.check_requests()).run(
        say, pause, [("/v1/check", False)])
    if setting.quick:
        return rows + [Row("/v1/check, a million active tenants", skipped="left out of a quick run")]
    pause()
    case = Case("headgate with a million tenants", setting, world.many_requests(), world.write_many_tenants())
    return rows + case.run(say, pause, [("/v1/check, a million active tenants", False)], touch_all=world.many)
