"""What the data plane must reach, line by line, and what it did."""

import dataclasses


@dataclasses.dataclass
class Verdict:
    """One line of the table."""

    claim: str
    asked: str
    got: str
    is_met: bool = None  # None: it could not be measured here

    @property
    def word(self):
        return {True: "met", False: "**not met**", None: "not measured"}[self.is_met]


def judge(results, quick):
    """Verdicts about all claims whose blocks were run."""
    found = []
    for block, claims in CLAIMS.items():
        if block in results:
            rows = {row.name: row for row in results[block]}
            found += [claim(rows) for claim in claims]
    return found


def ratio(claim, ours, theirs, least, key="per_second", inverse=False):
    """A claim that ours is at least so many times theirs; inverse for what is better when it is smaller."""
    def verdict(rows):
        one, other = rows.get(ours), rows.get(theirs)
        for row in (one, other):
            if row is None or row.median(key) is None:
                return Verdict(claim, f"≥ {least}×", (row and row.skipped) or "not run")
        value = one.median(key) / other.median(key)
        value = 1 / value if inverse else value
        return Verdict(claim, f"≥ {least}×", f"{value:.2f}×", value >= least)

    return verdict


def at_most(claim, begins, most, unit, value):
    """A claim that something of the row with a name that begins so is at most so much."""
    def verdict(rows):
        row = next((row for name, row in rows.items() if name.startswith(begins)), None)
        got = value(row) if row else None
        if got is None:
            return Verdict(claim, f"≤ {most} {unit}", (row and row.skipped) or "not run")
        return Verdict(claim, f"≤ {most} {unit}", f"{got:.1f} {unit}", got <= most)

    return verdict


def told(claim, name, asked, value, is_met):
    """A claim about what became of the requests of a row."""
    def verdict(rows):
        row = rows.get(name)
        if row is None or not row.readings:
            return Verdict(claim, asked, (row and row.skipped) or "not run")
        got = value(row)
        return Verdict(claim, asked, got[1], is_met(got[0]))

    return verdict


def share(value):
    """A share, and how it is read."""
    return value, f"{value:.1%}"


def added(row):
    """What critical requests waited beyond the work itself, in milliseconds."""
    value = row.tiers["critical"].p99 - 20
    return value, f"{value:.1f} ms"


def milliseconds(row):
    """The median p99.9."""
    value = row.median("p999")
    return None if value is None else value / 1_000


AUTHORIZE, CALL = "headgate /v1/authorize", "headgate ShouldRateLimit"
PROXY = "headgate --proxy"
SERVICE, BARE = "envoyproxy/ratelimit + Redis", "bare HTTP/2 answer"

CLAIMS = {
    "authorize": [
        ratio("/v1/authorize beside nginx `limit_req`, requests/s", AUTHORIZE, "nginx limit_req", 0.7),
        ratio("/v1/authorize beside nginx `limit_req`, requests per CPU second", AUTHORIZE, "nginx limit_req", 0.7,
              "cpu_microseconds", True),
        ratio("/v1/authorize beside Envoy's local limit, requests/s", AUTHORIZE, "Envoy local rate limit", 1.5),
        ratio("/v1/authorize beside Envoy's local limit, one bucket for everybody, requests/s", AUTHORIZE,
              "Envoy local rate limit, one bucket", 1.5),
        ratio("/v1/authorize beside a bare NIO answer, requests/s", AUTHORIZE, "bare NIO answer", 0.7),
        ratio("/v1/authorize beside a bare NIO answer, requests per CPU second", AUTHORIZE, "bare NIO answer", 0.7,
              "cpu_microseconds", True),
    ],
    "ratelimit": [
        ratio("ShouldRateLimit beside a bare HTTP/2 answer, calls/s", CALL, BARE, 0.75),
        ratio("ShouldRateLimit beside envoyproxy/ratelimit, calls/s", CALL, SERVICE, 4),
        ratio("ShouldRateLimit beside envoyproxy/ratelimit, calls per CPU second", CALL, SERVICE, 6,
              "cpu_microseconds", True),
    ],
    "envoy": [
        ratio("Envoy asking over gRPC beside no limiter, requests/s", "Envoy, headgate over gRPC",
              "Envoy, no limiter", 0.85),
        ratio("Envoy asking over gRPC beside Envoy asking for a constant answer, requests/s",
              "Envoy, headgate over gRPC", "Envoy, a constant answer over gRPC", 0.85),
        ratio("Envoy asking over HTTP beside no limiter, requests/s", "Envoy, headgate over HTTP",
              "Envoy, no limiter", 0.85),
    ],
    "proxy": [
        ratio(f"{PROXY} beside nginx `proxy_pass`, requests/s", PROXY, "nginx proxy_pass", 0.5),
        ratio(f"{PROXY} beside nginx `proxy_pass`, requests per CPU second", PROXY, "nginx proxy_pass", 0.5,
              "cpu_microseconds", True),
        ratio(f"{PROXY} beside Envoy, requests/s", PROXY, "Envoy, a route", 1.0),
        ratio(f"{PROXY} beside Envoy, requests per CPU second", PROXY, "Envoy, a route", 1.0, "cpu_microseconds", True),
    ],
    "overload": [
        told("critical requests refused, late or lost", "headgate", "0",
             lambda row: (row.tiers["critical"].refused + row.tiers["critical"].late,
                          str(row.tiers["critical"].refused + row.tiers["critical"].late)), lambda count: count == 0),
        told("p99 of critical requests beyond the work itself", "headgate", "≤ 5 ms + 20 ms", added,
             lambda time: time <= 25),
        told("workers busy with good answers", "headgate", "≥ 95 %", lambda row: share(row.goodput),
             lambda value: value >= 0.95),
    ],
    "noisy": [
        told(f"p99 of a quiet tenant beside a noisy one, {name}", name, "≤ +20 %",
             lambda row: share(row.beside["p99"] / row.alone["p99"] - 1), lambda value: value <= 0.2)
        for name in ("headgate", "headgate, three quarters for one tenant")
    ],
    "latency": [
        at_most("p99.9 at 70 %, /v1/authorize", "/v1/authorize, ", 5, "ms", milliseconds),
        at_most("p99.9 at 70 %, during a policy reload", "/v1/authorize, a new policy", 5, "ms", milliseconds),
        at_most("p99.9 at 70 %, a million active tenants", "/v1/check, a million", 5, "ms", milliseconds),
    ],
    "memory": [
        at_most("1,000 idle connections", "difference", 30, "MB", lambda row: row.megabytes),
    ],
    "waiting": [
        at_most(f"10,000 waiting requests, {name}", f"{name}:", 100, "MB", lambda row: row.megabytes)
        for name in ["HTTP/1.1", "HTTP/1.1, bodies of 1,000 bytes", "HTTP/2", "HTTP/2, bodies of 250 bytes"]
    ],
}
