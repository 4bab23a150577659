"""Everything that can be measured: how it is started, pinned and asked.

A contestant starts its servers once and is then measured in rounds, in turn with the others. CPU time is that of all
processes it started, unless they are named as bystanders.
"""

import os
import re
import subprocess

import load
import machine
from child import Child
from failure import Failure, NotYet

CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "config")
SHOULD_RATE_LIMIT = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"


def rendered(name, **values):
    """A configuration with its places filled in."""
    with open(os.path.join(CONFIG, name)) as file:
        return file.read().format(**values)


class Contestant:
    """One row of a table."""

    tools = ()

    def __init__(self, name, setting):
        self.name, self.setting, self.children, self.port = name, setting, [], None

    def reason_to_skip(self):
        """Why it cannot be measured here; `None` if it can."""
        return machine.missing(self.tools)

    def file(self, name, text):
        """Writes a file of the run."""
        path = self.setting.world.path(name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def spawn(self, name, command, port, environment=None, pinned=True):
        """Starts a server and waits until it serves."""
        log = self.setting.world.path(f"{self.name.replace(' ', '-').replace('/', '-')}.{name}.log")
        core = self.setting.server_core if pinned and self.setting.pins else None
        child = Child(name, command, core, log, environment)
        self.children.append(child)
        child.wait_for(port, patience=240)
        return child

    def measure(self, seconds):
        """Runs the load once, and again if somebody else ran meanwhile."""
        watched = [child for child in self.children if child.name not in self.setting.bystanders]
        return load.quietest(lambda: self.ask(seconds), watched)

    def stop(self):
        """Ends what was started."""
        for child in reversed(self.children):
            child.stop()
        self.children = []


class OverHTTP(Contestant):
    """Asked by wrk with 32 connections."""

    status = 200

    def __init__(self, name, setting, requests):
        super().__init__(name, setting)
        self.requests = requests

    def reason_to_skip(self):
        return machine.missing(("wrk", *self.tools))

    def ask(self, seconds):
        core = self.setting.load_core if self.setting.pins else None
        return load.wrk(self.port, self.requests, seconds, core, self.status)


class OverGRPC(Contestant):
    """Asked for ShouldRateLimit by h2load with 4 connections of 32 streams."""

    def reason_to_skip(self):
        return machine.missing(("h2load", "nghttp", *self.tools))

    def probe(self):
        """Makes one call: h2load counts an answer as good whatever its gRPC status and its code say."""
        done = subprocess.run(
            [machine.find("nghttp"), "-v", "-d", self.setting.call, "-H", "content-type: application/grpc", "-H",
             "te: trailers", f"http://127.0.0.1:{self.port}{SHOULD_RATE_LIMIT}"], capture_output=True, timeout=30)
        found = re.search(rb"grpc-status: (\d+)", done.stdout)
        if not found or found.group(1) != b"0":
            status = f"gRPC status {found.group(1).decode()}" if found else "no HTTP/2"
            raise NotYet(f"it does not answer ShouldRateLimit: {status}")
        if not re.search(rb"\0{3}.{2}.*\x08\x01", done.stdout, re.DOTALL):  # overall_code: OK
            raise Failure(f"{self.name} limits what it should let through")

    def ask(self, seconds):
        return load.h2load(self.port, SHOULD_RATE_LIMIT, self.setting.call, seconds, self.setting.load_core)
