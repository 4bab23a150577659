"""Our server, and servers that do nothing."""

import re
import subprocess
import urllib.request

import load
from child import free_port
from contestant import OverGRPC, OverHTTP
from failure import Failure

DECISIONS = re.compile(r'headgate_decisions_total\{.*outcome="(\w+)".*\} (\d+)')


class Headgate(OverHTTP):
    """`headgate serve` with five levels, a quota, 10,000 tenants with keys, journal and metrics."""

    directory = None

    def start(self):
        self.port = free_port()
        self.spawn("headgate", headgate(self.setting, self.port, self.name, self.directory), self.port)


class HeadgateRefusing(Headgate):
    status = 429

    def start(self):
        super().start()
        # The first request of a tenant takes the day's only one.
        rate = 5_000
        load.paced(self.setting.built("pacer"), self.port, self.requests, rate,
                   len(self.setting.world.spent_keys) / rate, self.setting.load_core, connections=8)


class HeadgateGRPC(OverGRPC):
    def start(self):
        self.port = free_port()
        self.spawn("headgate", headgate(self.setting, self.port, self.name), self.port)
        self.probe()

    def ask(self, seconds):
        reading = super().ask(seconds)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        refused = sum(int(count) for outcome, count in DECISIONS.findall(text) if outcome != "admit")
        if refused:
            raise Failure(f"{self.name}: {refused} calls are answered, but not admitted")
        return reading


class BareHTTP(OverHTTP):
    def start(self):
        self.port = free_port()
        self.spawn("bare-server", [self.setting.built("bare-server"), "http", str(self.port)], self.port)


class BareHTTP2(OverGRPC):
    def start(self):
        self.port = free_port()
        self.spawn("bare-server", [self.setting.built("bare-server"), "http2", str(self.port)], self.port)
        self.probe()


def headgate(setting, port, name, directory=None):
    """The command of our server, with a data folder of its own."""
    data = setting.world.path(name.replace(" ", "-").replace("/", "-") + ".data")
    subprocess.run(["rm", "-rf", data], check=True)
    return [setting.built("headgate"), "serve", "--policy", setting.world.policy, "--directory",
            directory or setting.world.directory, "--data", data, "--listen", f"127.0.0.1:{port}", "--region", "here",
            "--threads", "1"]
