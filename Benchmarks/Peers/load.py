"""Load generators, and what they say."""

import dataclasses
import json
import os
import re
import subprocess
import time

from failure import Failure


@dataclasses.dataclass
class Reading:
    """One measurement."""

    per_second: float
    requests: int
    p50: float = None  # microseconds, as are the next
    p99: float = None
    p999: float = None
    cpu: float = None  # seconds of the servers' processes, set by whoever watches them
    others: float = None  # share of the cores that neither servers nor load used

    @property
    def cpu_microseconds(self):
        """CPU time of the servers for each request."""
        return None if self.cpu is None or not self.requests else self.cpu / self.requests * 1e6


def run(command, core, environment=None, patience=600):
    """Runs a generator to its end and returns what it printed."""
    prefix = [] if core is None else ["taskset", "-c", str(core)]
    done = subprocess.run(
        prefix + command, capture_output=True, text=True, timeout=patience, env={**os.environ, **(environment or {})})
    if done.returncode != 0:
        raise Failure(f"{command[0]} has failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def wrk(port, requests, seconds, core, status=200, connections=32):
    """Closed loop over HTTP/1.1: each connection asks again as soon as it has an answer."""
    script = os.path.join(os.path.dirname(__file__), "config", "requests.lua")
    output = run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}/"], core,
        {"REQUESTS": requests.path, "REQUEST_LENGTH": str(requests.length)})
    found = json.loads(output[output.rindex("\n{") :])
    wrong = found["refused"] if status < 400 else found["requests"] - found["refused"]
    if found["broken"] or wrong or not found["requests"]:
        raise Failure(f"wrk on port {port}: {wrong} answers are not {status}, {found['broken']} connections broke")
    return Reading(found["requests"] / found["seconds"], found["requests"], found["p50"], found["p99"])


def paced(pacer, port, requests, rate, seconds, core, warm_up=0.0, connections=64, status=200):
    """Open loop over HTTP/1.1: requests are sent on schedule, and measured from when they were due."""
    output = run(
        [pacer, str(port), str(rate), str(seconds), str(warm_up), str(connections), str(status), str(requests.length),
         requests.path], core)
    found = json.loads(output)
    if found["unexpected"] or found["broken"]:
        raise Failure(f"pacer on port {port}: {found['unexpected']} answers are not {status}, "
                      f"{found['broken']} connections broke")
    reading = Reading(found["perSecond"], found["answers"], found["p50"], found["p99"], found["p999"])
    reading.unanswered = found["unanswered"]
    return reading


def h2load(port, path, body, seconds, core, connections=4, streams=32):
    """Closed loop over HTTP/2: gRPC calls with one body, `streams` of them on each connection."""
    output = run(
        ["h2load", f"-c{connections}", f"-m{streams}", "-t1", f"-D{seconds}", "-d", body,
         "-H", "content-type: application/grpc", "-H", "te: trailers", f"http://127.0.0.1:{port}{path}"], core)
    rate = re.search(r"finished in [^,]+, ([0-9.]+) req/s", output)
    counts = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", output)
    if rate is None or counts is None:
        raise Failure(f"h2load on port {port} has said nothing useful:\n{output}")
    done, succeeded, *bad = map(int, counts.groups())
    if any(bad) or succeeded != done or not done:
        raise Failure(f"h2load on port {port}: {counts.group(0)}")
    return Reading(float(rate.group(1)), done)


def redis_benchmark(port, sha, requests, core, pipeline):
    """Closed loop of EVALSHA over 10,000 tenants, 32 clients.

    864 ms per request and a day ahead: a tenant's key lives from one request to the next. With a tiny interval keys
    would be gone after milliseconds, and the run would measure how fast keys are made.
    """
    output = run(
        ["redis-benchmark", "-p", str(port), "-c", "32", "-n", str(requests), "-P", str(pipeline), "-r", "10000",
         "-e", "--csv", "EVALSHA", sha, "1", "tenant:__rand_int__", "864000", "86400000000"], core)
    row = output.strip().splitlines()[-1].split('","')
    if "rror" in output or len(row) < 7:
        raise Failure(f"redis-benchmark: {output}")
    return Reading(float(row[1]), requests, float(row[4]) * 1_000, float(row[6]) * 1_000)


def busy_seconds():
    """CPU time that the whole machine has spent, and not idled, so far."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


# A reading during which others took more of a core than this is taken again, so many times at most.
OTHERS_MAX, ATTEMPTS = 0.15, 4


def watched(ask, children):
    """Takes a reading, and adds the CPU time of the servers and what others took of the machine."""
    before, machine = [child.cpu_seconds() for child in children], busy_seconds()
    own, start = sum(os.times()[:4]), time.monotonic()
    reading = ask()
    elapsed = time.monotonic() - start
    for child in children:
        child.check()
    reading.cpu_by_server = {
        child.name: child.cpu_seconds() - seconds for child, seconds in zip(children, before, strict=True)}
    reading.cpu = sum(reading.cpu_by_server.values())
    # `os.times` has the load generator, which has ended by now.
    everybody = busy_seconds() - machine
    reading.others = max(0.0, everybody - reading.cpu - (sum(os.times()[:4]) - own)) / elapsed
    return reading


def quietest(ask, children):
    """The reading during which others took least, of as few as it takes."""
    best = None
    for _ in range(ATTEMPTS):
        reading = watched(ask, children)
        if best is None or reading.others < best.others:
            best = reading
        if best.others <= OTHERS_MAX:
            break
    return best
