"""Everything that can be measured: how it is started, pinned and asked.

A contestant starts its servers once and is then measured in rounds, in turn with the others. `measure` runs the load and
returns a reading; CPU time is that of all processes it started, unless they are named as bystanders.
"""

import os
import subprocess

import load
import machine
from child import Child, free_port
from failure import NotYet

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


class Nginx(OverHTTP):
    tools = ("nginx",)

    def start(self):
        self.port = free_port()
        world = self.setting.world
        path = self.file("nginx.conf", rendered("nginx.conf", work=world.folder, port=self.port))
        self.spawn("nginx", [machine.find("nginx"), "-p", world.folder, "-e", "nginx-error.log", "-c", path], self.port)


class HAProxy(OverHTTP):
    tools = ("haproxy",)

    def start(self):
        self.port = free_port()
        path = self.file("haproxy.cfg", rendered("haproxy.cfg", port=self.port))
        self.spawn("haproxy", [machine.find("haproxy"), "-db", "-f", path], self.port)


class EnvoyLocal(OverHTTP):
    """A bucket for each tenant, or one for everybody, which is less work."""

    tools = ("envoy",)

    def __init__(self, name, setting, requests, descriptors=""):
        super().__init__(name, setting, requests)
        self.descriptors = rendered(descriptors) if descriptors else ""

    def start(self):
        self.port = free_port()
        path = self.file(f"{self.name.replace(' ', '-')}.yaml", rendered(
            "envoy-local.yaml", port=self.port, descriptors=self.descriptors.rstrip()))
        self.spawn("envoy", envoy(path), self.port)


class BareHTTP(OverHTTP):
    def start(self):
        self.port = free_port()
        self.spawn("bare-server", [self.setting.built("bare-server"), "http", str(self.port)], self.port)


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
        load.paced(self.setting.built("pacer"), self.port, self.requests, 5_000, len(self.setting.world.spent_keys) / 5_000,
                   self.setting.load_core, connections=8)


class OverGRPC(Contestant):
    """Asked for ShouldRateLimit by h2load with 4 connections of 32 streams."""

    def reason_to_skip(self):
        return machine.missing(("h2load", "nghttp", *self.tools))

    def probe(self):
        """Makes one call: h2load counts an answer as good whatever its gRPC status says."""
        said = machine.said([
            machine.find("nghttp"), "-v", "-d", self.setting.call, "-H", "content-type: application/grpc", "-H",
            "te: trailers", f"http://127.0.0.1:{self.port}{SHOULD_RATE_LIMIT}"])
        if "grpc-status: 0" not in said:
            found = [line.split("grpc-status:")[1].strip() for line in said.splitlines() if "grpc-status:" in line]
            raise NotYet(f"it does not answer ShouldRateLimit: {'gRPC status ' + found[0] if found else 'no HTTP/2'}")

    def ask(self, seconds):
        return load.h2load(self.port, SHOULD_RATE_LIMIT, self.setting.call, seconds, self.setting.load_core)


class BareHTTP2(OverGRPC):
    def start(self):
        self.port = free_port()
        self.spawn("bare-server", [self.setting.built("bare-server"), "http2", str(self.port)], self.port)
        self.probe()


class HeadgateGRPC(OverGRPC):
    def start(self):
        self.port = free_port()
        self.spawn("headgate", headgate(self.setting, self.port, self.name), self.port)
        self.probe()


class RateLimitService(OverGRPC):
    """envoyproxy/ratelimit and its Redis, both on the server's core."""

    tools = ("redis-server",)

    def reason_to_skip(self):
        if not self.setting.ratelimit:
            return ("envoyproxy/ratelimit is not given: build its src/service_cmd with Go and name the binary with "
                    "--ratelimit PATH or RATELIMIT_BINARY")
        return super().reason_to_skip()

    def start(self):
        redis(self, "redis")
        self.port = ratelimit(self)
        self.probe()


class RedisScript(Contestant):
    """A GCRA script, asked by redis-benchmark with 32 clients."""

    tools = ("redis-server", "redis-benchmark", "redis-cli")

    def __init__(self, name, setting, pipeline):
        super().__init__(name, setting)
        self.pipeline, self.rate = pipeline, 30_000

    def start(self):
        self.port = redis(self, "redis")
        with open(os.path.join(CONFIG, "gcra.lua")) as file:
            self.sha = load.run(["redis-cli", "-p", str(self.port), "SCRIPT", "LOAD", file.read()], None).strip()

    def ask(self, seconds):
        # It is told a number and not a time: that of the round before, at this rate.
        reading = load.redis_benchmark(
            self.port, self.sha, int(self.rate * seconds), self.setting.load_core, self.pipeline)
        self.rate = reading.per_second
        return reading


class EnvoyFront(OverHTTP):
    """Envoy with one worker before an upstream, nothing pinned: all cores are shared, as they are in a deployment."""

    tools = ("envoy",)
    limiter, protocol = "", ""

    def ask_whom(self):
        """Starts whom Envoy asks; returns the port."""
        return 1

    def start(self):
        upstream, asked, self.port = free_port(), self.ask_whom(), free_port()
        self.spawn("upstream", [self.setting.built("bare-server"), "http", str(upstream)], upstream)
        limiter = rendered(self.limiter, ask=asked).rstrip() if self.limiter else ""
        path = self.file(f"{self.name.replace(' ', '-')}.yaml", rendered(
            "envoy-front.yaml", port=self.port, upstream=upstream, ask=asked, limiter=limiter, protocol=self.protocol))
        self.spawn("envoy", envoy(path), self.port)


class EnvoyAuthorizing(EnvoyFront):
    limiter = "envoy-authorization.yaml"

    def ask_whom(self):
        port = free_port()
        self.spawn("headgate", headgate(self.setting, port, self.name), port)
        return port


class EnvoyLimiting(EnvoyFront):
    limiter = "envoy-ratelimit.yaml"
    protocol = """
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: { http2_protocol_options: {} }"""

    def ask_whom(self):
        asked = HeadgateGRPC(self.name, self.setting)
        asked.children = self.children  # so that it is ended with the rest, also if it cannot be asked
        asked.start()
        return asked.port


class EnvoyAskingRateLimit(EnvoyLimiting):
    def reason_to_skip(self):
        return RateLimitService.reason_to_skip(self) if not self.setting.ratelimit else super().reason_to_skip()

    def ask_whom(self):
        redis(self, "redis")
        return ratelimit(self)


def envoy(path):
    """The command of an Envoy with one worker."""
    return [machine.find("envoy"), "-c", path, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"]


def headgate(setting, port, name, directory=None):
    """The command of our server, with a data folder of its own."""
    data = setting.world.path(name.replace(" ", "-").replace("/", "-") + ".data")
    subprocess.run(["rm", "-rf", data], check=True)
    return [setting.built("headgate"), "serve", "--policy", setting.world.policy, "--directory",
            directory or setting.world.directory, "--data", data, "--listen", f"127.0.0.1:{port}", "--region", "here",
            "--threads", "1"]


def redis(contestant, name):
    """Starts a Redis that writes nothing to disk; returns its port."""
    contestant.redis_port = free_port()
    contestant.spawn(name, [machine.find("redis-server"), "--port", str(contestant.redis_port), "--save", "",
                            "--appendonly", "no"], contestant.redis_port)
    return contestant.redis_port


def ratelimit(contestant):
    """Starts envoyproxy/ratelimit; returns the port of its gRPC."""
    port, others = free_port(), [free_port(), free_port()]
    runtime = contestant.setting.world.path("runtime/ratelimit/config")
    os.makedirs(runtime, exist_ok=True)
    with open(os.path.join(CONFIG, "ratelimit.yaml")) as source, open(f"{runtime}/benchmark.yaml", "w") as target:
        target.write(source.read())
    contestant.spawn("ratelimit", [contestant.setting.ratelimit], port, {
        "USE_STATSD": "false", "LOG_LEVEL": "error", "REDIS_SOCKET_TYPE": "tcp", "GOMAXPROCS": "1",
        "REDIS_URL": f"127.0.0.1:{contestant.redis_port}", "RUNTIME_ROOT": contestant.setting.world.path("runtime"),
        "RUNTIME_SUBDIRECTORY": "ratelimit", "RUNTIME_WATCH_ROOT": "false", "HOST": "127.0.0.1",
        "GRPC_HOST": "127.0.0.1", "DEBUG_HOST": "127.0.0.1", "GRPC_PORT": str(port), "PORT": str(others[0]),
        "DEBUG_PORT": str(others[1])})
    return port
