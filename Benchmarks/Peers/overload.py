"""Five times as much work as an upstream can do: who gets through, how late, and what is left undone.

Eight workers of 20 ms make 400 requests a second. Five tenants ask for 2,000: a hundred of them critical, 500 business,
1,400 best effort, whose clients try refused requests three times more at once.
"""

import dataclasses
import json
import subprocess

import machine
from child import free_port
from contestant import Contestant, rendered
from failure import Failure
from load import Reading
from peers import envoy
from rounds import Row

WORKERS, SERVICE_MS = 8, 20
DEPTH = 160
TENANTS = 5
PATHS = {"critical": "/v1/sign/7", "business": "/v1/orders/7", "best-effort": "/v1/export/7"}
WARM_UP = 1


@dataclasses.dataclass
class Kind:
    """What the clients of one tier do, each tenant alike."""

    tier: str
    rate: float
    retries: int
    patience_ms: int


STORM = [Kind("critical", 20, 0, 2_000), Kind("business", 100, 0, 1_000), Kind("best-effort", 280, 3, 1_000)]


def streams(setting, kinds, name, tenants=range(TENANTS)):
    """The file that the clients read."""
    path = setting.world.path(f"{name}.streams")
    with open(path, "w") as file:
        for tenant in tenants:
            for kind in kinds(tenant):
                file.write(f"{kind.tier}-{tenant} {setting.world.keys[tenant]} {PATHS[kind.tier]} {kind.rate} "
                           f"{kind.retries} {kind.patience_ms}\n")
    return path


@dataclasses.dataclass
class Pool:
    """An upstream: its workers, and how much of what a request takes is chance."""

    workers: int = WORKERS
    chance_ms: int = 0

    @property
    def capacity(self):
        """Requests per second."""
        return self.workers * 1_000 // SERVICE_MS


class Overloaded(Contestant):
    """Somebody between the clients and the upstream."""

    pool = Pool()

    def before(self, pool):
        """Puts another upstream behind it."""
        self.pool = pool
        return self

    def start(self):
        self.upstream, self.port = free_port(), free_port()
        command = [self.setting.built("overload-benchmark"), "upstream", str(self.upstream), str(self.pool.workers),
                   str(SERVICE_MS - self.pool.chance_ms), str(self.pool.chance_ms)]
        self.spawn("upstream", command, self.upstream)
        self.proxy()

    def ask(self, path, seconds):
        """Lets the clients in; returns what became of each stream."""
        command = [self.setting.built("overload-benchmark"), "load", str(self.port), str(seconds), str(WARM_UP), path]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode != 0 or not done.stdout:
            raise Failure(f"overload-benchmark has failed: {done.stderr or done.stdout}")
        return [json.loads(line) for line in done.stdout.splitlines()]


class HeadgateOverloaded(Overloaded):
    def __init__(self, name, setting, limit=None, is_flat=False, share="100%"):
        super().__init__(name, setting)
        self.limit, self.is_flat, self.share = limit, is_flat, share

    def proxy(self):
        word = self.name.replace(" ", "-").replace(",", "")
        operations = "\n".join(
            f'  {tier}: {{ match: "GET {path[:-1]}{{id}}", tier: {"critical" if self.is_flat else tier} }}'
            for tier, path in PATHS.items())
        policy = self.file(f"{word}.policy.yaml", rendered(
            "overload.yaml", workers=self.pool.workers, limit=self.limit or self.pool.workers, first="critical" if self.is_flat else "business",
            operations=operations, share=self.share))
        data = self.setting.world.path(f"{word}.data")
        subprocess.run(["rm", "-rf", data], check=True)
        self.spawn("headgate", [
            self.setting.built("headgate"), "serve", "--policy", policy, "--directory", self.setting.world.directory,
            "--data", data, "--listen", f"127.0.0.1:{free_port()}", "--threads", "1", "--proxy",
            f"127.0.0.1:{self.port}", "--upstream", f"http://127.0.0.1:{self.upstream}"], self.port)


class Named(Overloaded):
    """A peer with a configuration."""

    def configuration(self, name):
        world = self.setting.world
        return self.file(name, rendered(
            name, work=world.folder, port=self.port, upstream=self.upstream, workers=self.pool.workers, depth=DEPTH,
            rate=self.pool.capacity, wait=400))


class HAProxyOverloaded(Named):
    tools = ("haproxy",)

    def proxy(self):
        self.spawn("haproxy", [machine.find("haproxy"), "-db", "-f", self.configuration("haproxy-overload.cfg")],
                   self.port)


class EnvoyOverloaded(Named):
    tools = ("envoy",)

    def proxy(self):
        self.spawn("envoy", envoy(self.configuration("envoy-overload.yaml")), self.port)


class NginxOverloaded(Named):
    tools = ("nginx",)

    def proxy(self):
        path = self.configuration("nginx-overload.conf")
        self.spawn("nginx", [machine.find("nginx"), "-p", self.setting.world.folder, "-e", "nginx-overload-error.log",
                             "-c", path], self.port)


def measured(contestant, pause, measure):
    """The row of a contestant, who runs meanwhile; or why it does not take part."""
    reason = contestant.reason_to_skip()
    if reason:
        return Row(contestant.name, skipped=reason)
    pause()
    try:
        contestant.start()
        return measure()
    finally:
        contestant.stop()


def run(setting, say, pause):
    """Everybody in turn, each for one long measurement."""
    setting.pins = False
    seconds = max(5, 2 * setting.seconds)
    path, rows = streams(setting, lambda _: STORM, "storm"), []
    for contestant in [
        HeadgateOverloaded("headgate", setting),
        HeadgateOverloaded("headgate, adaptive limit", setting, limit="adaptive, min: 2, max: 200"),
        HeadgateOverloaded("headgate, one tier", setting, is_flat=True),
        HAProxyOverloaded("HAProxy, first come first served", setting),
        EnvoyOverloaded("Envoy, circuit breakers", setting),
        NginxOverloaded("nginx, limit_req with a line", setting),
    ]:
        rows.append(measured(contestant, pause, lambda: row(contestant.name, contestant.ask(path, seconds), seconds)))
        if rows[-1].skipped:
            continue
        say(f"  {contestant.name:<34} {rows[-1].goodput:4.0%} of the workers' time   "
            + "   ".join(f"{tier}: {part.answered:.0%}, p99 {part.p99:,.0f} ms" for tier, part in rows[-1].tiers.items()))
    return rows


# A tenant, and one in the same tier that asks for a hundred times as much: more than twice what all workers can do.
QUIET, NOISY = Kind("business", 40, 0, 2_000), Kind("business", 4_000, 0, 1_000)
# What a request takes is half chance. With equal times a full pool works in step: all workers begin together when the
# noisy tenant comes, end together ever after, and who comes between waits for all of them.
POOL = Pool(32, 10)


def run_noisy(setting, say, pause):
    """A quiet tenant alone, and beside a noisy one."""
    setting.pins = False
    seconds, rows = max(10, 4 * setting.seconds), []
    alone = streams(setting, lambda _: [QUIET], "quiet", [0])
    beside = streams(setting, lambda tenant: [NOISY if tenant else QUIET], "noisy", [0, 1])
    for contestant in [
        HeadgateOverloaded("headgate", setting).before(POOL),
        HeadgateOverloaded("headgate, three quarters for one tenant", setting, share="75%").before(POOL),
        HAProxyOverloaded("HAProxy, first come first served", setting).before(POOL),
        EnvoyOverloaded("Envoy, circuit breakers", setting).before(POOL),
        NginxOverloaded("nginx, limit_req with a line", setting).before(POOL),
        HeadgateOverloaded("headgate, eight workers in step", setting),
        HeadgateOverloaded("headgate, eight workers in step, half for one tenant", setting, share="50%"),
    ]:
        def both():
            found = Row(contestant.name, [Reading(0, 0)])
            found.alone = contestant.ask(alone, seconds)[0]
            found.beside = contestant.ask(beside, seconds)[0]
            return found

        rows.append(measured(contestant, pause, both))
        found = rows[-1]
        if found.skipped:
            continue
        say(f"  {contestant.name:<40} p99 alone {found.alone['p99'] / 1_000:6.1f} ms, beside the noisy one "
            f"{found.beside['p99'] / 1_000:6.1f} ms, answered {found.beside['good'] / found.beside['begun']:.0%}")
    return rows


@dataclasses.dataclass
class Part:
    """What became of one tier."""

    answered: float
    refused: int
    late: int
    p99: float


def row(name, found, seconds):
    """Sums the streams of each tier up."""
    result = Row(name, [Reading(0, 0)])
    result.tiers, good = {}, 0
    for tier in PATHS:
        own = [stream for stream in found if stream["name"].startswith(tier)]
        begun = sum(stream["begun"] for stream in own)
        answered = sum(stream["good"] for stream in own)
        refused = sum(count for stream in own for status, count in stream["refused"].items() if int(status) > 0)
        late = sum(count for stream in own for status, count in stream["refused"].items() if int(status) <= 0)
        good += answered
        result.tiers[tier] = Part(answered / max(1, begun), refused, late, max(s["p99"] for s in own) / 1_000)
    result.goodput = good / (Pool().capacity * seconds)
    return result
