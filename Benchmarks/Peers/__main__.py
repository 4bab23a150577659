"""Measures Headgate beside its peers: `make bench`, or `python3 Benchmarks/Peers --help`."""

import contextlib
import dataclasses
import datetime
import fcntl
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import blocks  # noqa: E402
import machine  # noqa: E402
import options  # noqa: E402
import report  # noqa: E402
from failure import Failure  # noqa: E402
from world import World  # noqa: E402


# What takes part and is built from this repository; a run of ten minutes must not end at the one that is missing.
PRODUCTS = ("headgate", "overload-benchmark", "bare-server", "pacer")


@dataclasses.dataclass
class Setting:
    """What all blocks share."""

    world: World
    rounds: int
    seconds: float
    quick: bool
    ratelimit: str
    server_core: int
    load_core: int
    call: str = None
    pins: bool = True
    bystanders: tuple = ()

    def built(self, product):
        """The path of something that was built from this repository."""
        path = os.path.join(machine.ROOT, ".build", "release", product)
        if not os.path.exists(path):
            raise Failure(f"{product} is not built: swift build -c release --product {product}")
        return path


class Lock:
    """Keeps others away who take the same lock, for a few minutes at a time."""

    HELD_MAX = 180

    def __init__(self, path):
        self.file, self.since = open(path, "w") if path else None, None

    def __enter__(self):
        if self.file and self.since is None:
            fcntl.flock(self.file, fcntl.LOCK_EX)
            self.since = time.monotonic()

    def __exit__(self, *_):
        if self.file and self.since is not None:
            fcntl.flock(self.file, fcntl.LOCK_UN)
            self.since = None

    def pause(self):
        """Between two rounds: lets whoever waits have a turn, if it has been held for long."""
        if self.file and time.monotonic() - self.since > self.HELD_MAX:
            self.__exit__()
            time.sleep(0.2)
            self.__enter__()


def say(text):
    print(text, file=sys.stderr, flush=True)


def engine_table(arguments):
    """What the engine's own benchmark prints; empty if it is not part of this run."""
    path = os.path.join(machine.ROOT, ".build", "release", "admission-benchmark")
    if arguments.only and "engine" not in arguments.only or not os.path.exists(path):
        return ""
    say("engine: in one process")
    done = subprocess.run([path], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"admission-benchmark: {done.stderr}")
    return done.stdout.strip()


def measure(arguments, lock):
    """Runs the blocks that were asked for and writes the report."""
    cores = machine.cores()
    if cores is None:
        raise Failure("a server and its load need a core each, and this machine has one")
    folder = os.path.join(machine.ROOT, ".headgate", "bench")
    world = World(folder, os.path.join(machine.ROOT, "Benchmarks", "policy.yaml"))
    setting = Setting(world, arguments.rounds, arguments.seconds, arguments.quick, arguments.ratelimit, *cores,
                      call=world.rate_limit_call())
    for product in PRODUCTS:
        setting.built(product)
    path, results, text = arguments.output or default_path(arguments, folder), {}, ""
    with lock:
        for block in blocks.ALL:
            if not arguments.only or block.name in arguments.only:
                lock.pause()
                say(f"{block.name}: {block.title}")
                results[block.name] = block.run(setting, say, lock.pause)
                text = write(path, results, setting)
        lock.pause()
        engine = engine_table(arguments)
    if engine:
        text = write(path, results, setting, engine)
    print(text)
    say(f"written to {os.path.relpath(path)}; every round is in {os.path.relpath(folder)}/rounds.json")


def write(path, results, setting, engine=""):
    """Writes what has been measured so far; returns the report."""
    text = report.markdown(blocks.ALL, results, setting, engine)
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    with open(setting.world.path("rounds.json"), "w") as file:
        json.dump({name: [row.as_json() for row in rows] for name, rows in results.items()}, file, indent=1)
    return text


def default_path(arguments, folder):
    """A whole run is worth keeping; a part of one is not."""
    if arguments.quick or arguments.only:
        return os.path.join(folder, "report.md")
    return os.path.join(machine.ROOT, "Benchmarks", "results", f"{datetime.date.today()}.md")


def main():
    arguments = options.parse(sys.argv[1:])
    if arguments.list:
        return print(options.listing())
    try:
        measure(arguments, Lock(arguments.lock))
    except Failure as failure:
        sys.exit(f"bench: {failure}\nThis block has no figures; the report has the blocks before it.")
    except KeyboardInterrupt:
        with contextlib.suppress(KeyboardInterrupt):
            sys.exit("bench: interrupted; the report has the blocks that were measured")


if __name__ == "__main__":
    main()
