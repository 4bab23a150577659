"""The limiters of others."""

import os

import load
import machine
from child import free_port
from contestant import CONFIG, Contestant, OverGRPC, OverHTTP, rendered


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


def envoy(path):
    """The command of an Envoy with one worker."""
    return [machine.find("envoy"), "-c", path, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"]


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
        # Without statistics: else it writes them to its log, a line for each call.
        "USE_STATSD": "false", "DISABLE_STATS": "true", "LOG_LEVEL": "error",
        "REDIS_SOCKET_TYPE": "tcp", "GOMAXPROCS": "1",
        "REDIS_URL": f"127.0.0.1:{contestant.redis_port}", "RUNTIME_ROOT": contestant.setting.world.path("runtime"),
        "RUNTIME_SUBDIRECTORY": "ratelimit", "RUNTIME_WATCH_ROOT": "false", "HOST": "127.0.0.1",
        "GRPC_HOST": "127.0.0.1", "DEBUG_HOST": "127.0.0.1", "GRPC_PORT": str(port), "PORT": str(others[0]),
        "DEBUG_PORT": str(others[1])})
    return port
