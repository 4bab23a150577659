"""The blocks of a run: which contestants stand beside each other."""

import front
import latency
import memory
import ours
import overload
import passing
import peers
import waiting
from rounds import play


class Block:
    """Contestants that are measured in turn."""

    def __init__(self, name, title, make, pins=True, bystanders=(), note=""):
        self.name, self.title, self.make, self.note = name, title, make, note
        self.pins, self.bystanders = pins, bystanders

    def run(self, setting, say, pause):
        """Measures it; returns the rows."""
        setting.pins, setting.bystanders = self.pins, self.bystanders
        return play(self.make(setting), setting.rounds, setting.seconds, say, pause)


class Special(Block):
    """A block with a course of its own."""

    def run(self, setting, say, pause):
        setting.pins, setting.bystanders = self.pins, self.bystanders
        return self.make(setting, say, pause)


def authorize(setting):
    """Forward-auth beside the limiters of proxies."""
    tenants, world = setting.world.tenant_requests(), setting.world
    return [
        ours.Headgate("headgate /v1/authorize", setting, world.authorize_requests()),
        peers.Nginx("nginx limit_req", setting, tenants),
        peers.EnvoyLocal("Envoy local rate limit", setting, tenants, "envoy-descriptors.yaml"),
        peers.EnvoyLocal("Envoy local rate limit, one bucket", setting, tenants),
        peers.HAProxy("HAProxy stick table", setting, tenants),
        ours.BareHTTP("bare NIO answer", setting, tenants),
        ours.HeadgateRefusing("headgate /v1/authorize, refused", setting, world.authorize_requests(spent=True)),
    ]


def check(setting):
    """The check call beside a script in Redis, which is what a service would otherwise ask."""
    return [
        ours.Headgate("headgate /v1/check", setting, setting.world.check_requests()),
        peers.RedisScript("Redis GCRA script", setting, 1),
        peers.RedisScript("Redis GCRA script, pipeline 16", setting, 16),
    ]


def ratelimit(setting):
    """Envoy's rate limit protocol."""
    return [
        ours.HeadgateGRPC("headgate ShouldRateLimit", setting),
        ours.BareHTTP2("bare HTTP/2 answer", setting),
        peers.RateLimitService("envoyproxy/ratelimit + Redis", setting),
    ]


def envoy(setting):
    """Envoy in front, end to end."""
    requests = setting.world.front_requests()
    return [
        front.EnvoyFront("Envoy, no limiter", setting, requests),
        front.EnvoyLimiting("Envoy, headgate over gRPC", setting, requests),
        front.EnvoyAuthorizing("Envoy, headgate over HTTP", setting, requests),
        front.EnvoyAskingNobody("Envoy, a constant answer over gRPC", setting, requests),
        front.EnvoyAskingRateLimit("Envoy, envoyproxy/ratelimit", setting, requests),
    ]


def proxy(setting):
    """Reverse proxies, small answers."""
    requests = setting.world.front_requests()
    return [
        passing.HeadgatePassing("headgate --proxy", setting, requests),
        passing.NginxPassing("nginx proxy_pass", setting, requests),
        passing.EnvoyPassing("Envoy, a route", setting, requests),
    ]


ALL = [
    Block("authorize", "Forward-auth", authorize,
          note="wrk, 32 connections, 10,000 tenants in turn. Headgate looks up an API key and asks five levels and a "
               "quota, with journal and metrics; the peers look at one level and a name in a header. Near 90,000/s wrk "
               "itself is at its end: then CPU per request says more than requests per second."),
    Block("check", "The check call", check,
          note="wrk, 32 connections; redis-benchmark, 32 clients, a key that lives on from one request to the next."),
    Block("ratelimit", "ShouldRateLimit", ratelimit,
          note="h2load, 4 connections of 32 streams, one tenant. CPU of envoyproxy/ratelimit is that of its server and "
               "its Redis together."),
    Block("envoy", "Envoy in front, end to end", envoy, pins=False, bystanders=("upstream",),
          note="wrk, 32 connections; Envoy with one worker, an upstream that does nothing. Nothing is pinned: Envoy, "
               "upstream, limiter and load share all cores. CPU is that of Envoy and limiter. The constant answer shows "
               "what the question alone costs Envoy."),
    Block("proxy", "Passing small answers on", proxy, bystanders=("upstream",),
          note="wrk, 32 connections, 10,000 tenants in turn; the upstream does nothing and shares the core of the load, "
               "so CPU per request says more than requests per second. Headgate looks up an API key, asks five levels "
               "and a quota, and has seats, journal and metrics on; the peers only pass on."),
    Special("overload", "Five times as much work as the upstream can do", overload.run, pins=False,
            note="Eight workers of 20 ms, five tenants. Critical: 100/s. Business: 500/s. Best effort: 1,400/s, whose "
                 "clients try refused requests three more times at once. Arrivals are random, the same in every run. "
                 "p99 is that of the tenant for whom it is longest, from the moment at which a request was due, the "
                 "20 ms of work included. *Late* are requests whose client gave up. Nothing is pinned."),
    Special("noisy", "A quiet tenant beside a noisy one of its tier", overload.run_noisy, pins=False,
            note="32 workers, whose work takes 10 ms and, in the mean, 10 ms of chance. The quiet tenant asks 40 times a "
                 "second, the noisy one 4,000 times, which is two and a half times what the workers can do. p99 from "
                 "when a request was due, the work included. *In step*: eight workers of 20 ms each, ten times as much "
                 "as they can do; they end together, and who comes between waits for all, unless some are kept free."),
    Special("latency", "Latency at 70 % of the maximum", latency.run,
            note="Requests are sent on a fixed schedule over 64 connections and measured from the moment at which they "
                 "were due, so that a slow answer counts for all that wait behind it. The generator spins on a core of "
                 "its own; what else runs on the machine shows in p99.9 first. All of Headgate, the thread of the "
                 "journal and a reload included, has one core. The bare answer, at 70 % of its own maximum, "
                 "shows what is the machine's: a virtual one stands still for milliseconds at a time. A reload falls "
                 "into the middle of its measurements; the million are named by a trusted caller, because a directory "
                 "of a million keys is larger than Headgate reads."),
    Special("memory", "Memory of idle connections", memory.run,
            note="Each connection has made one request. RSS before and after, and their difference."),
    Special("waiting", "Memory of requests that wait", waiting.run, pins=False,
            note="10,000 requests for 100 seats of a proxy whose upstream never answers: a connection each, or 250 "
                 "streams a connection. How much the RSS has grown when it grows no more."),
]
