"""Processes that a run starts, pins to a core, watches and ends."""

import os
import socket
import subprocess
import time

from failure import Failure

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Child:
    """One server process."""

    def __init__(self, name, command, core, log, environment=None):
        self.name, self.log = name, log
        prefix = [] if core is None else ["taskset", "-c", str(core)]
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                prefix + command, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})})

    def wait_for(self, port, patience=30):
        """Returns when the process accepts connections."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Failure(f"{self.name} does not serve on port {port}; the end of {self.log} says:\n{self.last_words()}")

    def last_words(self):
        """The end of what the process printed."""
        with open(self.log, errors="replace") as file:
            return "".join(file.readlines()[-12:])

    def cpu_seconds(self):
        """User and system time of all its threads so far."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self):
        """Memory that is resident now."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def check(self):
        """Fails if the process has ended."""
        if self.process.poll() is not None:
            raise Failure(f"{self.name} has ended with {self.process.returncode}:\n{self.last_words()}")

    def stop(self):
        """Ends the process and waits for it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(12)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
