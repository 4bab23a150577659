"""Percentiles at 70 % of the maximum: at rest, during reloads, with a million active tenants."""

import threading

import contestants as who
import load
from rounds import Row

SHARE = 0.7
RELOAD_INTERVAL = 2.0


class Reloads:
    """Writes another policy again and again while something is measured."""

    def __init__(self, world):
        self.world, self.count = world, 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.go)

    def go(self):
        while not self.done.wait(RELOAD_INTERVAL):
            self.count += 1
            self.world.write_policy(self.count)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
        self.world.write_policy(0)


class Case:
    """One server and its requests, measured at a share of what it can do."""

    def __init__(self, name, setting, requests, directory=None):
        self.name, self.setting, self.requests = name, setting, requests
        self.server = who.Headgate(name, setting, requests)
        self.server.directory = directory
        self.pacer = setting.built("pacer")

    def paced(self, rate, seconds, warm_up=0.0):
        """Asks at a rate; 0: as fast as answers come."""
        return load.paced(self.pacer, self.server.port, self.requests, rate, seconds, self.setting.load_core, warm_up)

    def run(self, say, pause, names, touch_all=0):
        """Measures; `names` are rows and whether policies change meanwhile."""
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
            if reloads:
                with Reloads(self.setting.world):
                    reading = self.watched(maximum)
            else:
                reading = self.watched(maximum)
            row.readings.append(reading)
            say(f"  round {number + 1} of {self.setting.rounds}: {row.name:<50} p50 {reading.p50:7.0f}  "
                f"p99 {reading.p99:7.0f}  p99.9 {reading.p999:7.0f} µs")
        return row

    def watched(self, maximum):
        """One paced measurement, with the CPU time of the server."""
        child = self.server.children[0]
        before = child.cpu_seconds()
        reading = self.paced(SHARE * maximum, 2 * self.setting.seconds, warm_up=0.5)
        reading.cpu = (child.cpu_seconds() - before) * 2 * self.setting.seconds / (2 * self.setting.seconds + 0.5)
        child.check()
        return reading


def run(setting, say, pause):
    """All cases; a quick run leaves out the million, whose server takes most of a minute to start."""
    world = setting.world
    rows = Case("headgate at 70 %", setting, world.authorize_requests()).run(
        say, pause, [("/v1/authorize", False), ("/v1/authorize, a new policy every 2 s", True)])
    pause()
    rows += Case("headgate at 70 % of checks", setting, world.check_requests()).run(
        say, pause, [("/v1/check", False)])
    if setting.quick:
        return rows + [Row("/v1/check, a million active tenants", skipped="left out of a quick run")]
    pause()
    case = Case("headgate with a million tenants", setting, world.many_requests(), world.write_many_tenants())
    return rows + case.run(say, pause, [("/v1/check, a million active tenants", False)], touch_all=world.many)
