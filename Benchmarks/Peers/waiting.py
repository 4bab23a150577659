"""Memory that requests take while they wait for seats."""

import resource
import socket
import subprocess
import threading
import time

from child import free_port, Child
from failure import Failure
from load import Reading
from rounds import Row

REQUESTS = 10_000
STREAMS = 250  # of an HTTP/2 connection
POLICY = """
headgate: 1
name: waiting
owner: benchmarks
tiers: [{ name: work, queue: { depth: 20000, wait: 300s } }]
classes:
  interactive: { tier: work, consequence: time-sensitive, owner: benchmarks }
operations:
  things: { match: ["GET /t/{x}", "POST /t/{x}"], tier: work }
plans:
  only: { tenant: { rate: 1000000/s, burst: 1000000 } }
seats: { limit: 100 }
"""
DIRECTORY = """
headgate-directory: 1
tenants:
  acme:
    plan: only
    principals:
      web: { classes: [interactive] }
"""


def run(setting, say, pause):
    """Lets requests wait for an upstream that never answers, and looks at the server's RSS."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most < REQUESTS + 1_000:
        say(f"  skipped: the process may have {most:,} files open, and {REQUESTS + 1_000:,} are needed: ulimit -Hn")
        return []
    rows = []
    for name, send, body in [
            ("HTTP/1.1", http1, 0), ("HTTP/1.1, bodies of 1,000 bytes", http1, 1_000),
            ("HTTP/2", http2, 0), ("HTTP/2, bodies of 250 bytes", http2, 250)]:
        grown, waiting = measure(setting, send, body)
        say(f"  {name}: {grown / 1e6:.1f} MB for {waiting:,} requests that wait")
        row = Row(f"{name}: {waiting:,} requests wait", [Reading(0, 0)])
        row.megabytes = grown / 1e6
        rows.append(row)
    return rows


def measure(setting, send, body):
    """How much the server has grown, and for how many requests."""
    server = start(setting, hold())
    sockets = []
    try:
        sockets += http1(server.port, server.key, 1, 0)
        before = settle(server)
        sockets += send(server.port, server.key, REQUESTS, body)
        grown = settle(server) - before
        server.check()
        return grown, server.waiting()
    finally:
        for client in sockets:
            client.close()
        server.stop()


def hold():
    """An upstream that takes requests and never answers; its port."""
    server = socket.create_server(("127.0.0.1", 0), backlog=4_096)
    kept = []

    def accept():
        while True:
            kept.append(server.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1]


class Server(Child):
    """A proxy in front of that upstream."""

    def __init__(self, command, port, metrics, key, log):
        super().__init__("headgate", command, None, log)
        self.port, self.metrics, self.key = port, metrics, key

    def waiting(self):
        """How many requests wait, as the server counts them."""
        with socket.create_connection(("127.0.0.1", self.metrics), timeout=10) as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            text = b"".join(iter(lambda: client.recv(65_536), b"")).decode()
        for line in text.splitlines():
            if line.startswith("headgate_seats_waiting") and 'tier="work"' in line:
                return int(line.rpartition(" ")[2])
        raise Failure("headgate does not say how many requests wait")


def start(setting, upstream):
    """Starts the proxy with a tenant and its key."""
    files = {}
    for name, text in [("policy", POLICY), ("directory", DIRECTORY)]:
        files[name] = setting.world.path(f"waiting-{name}.yaml")
        with open(files[name], "w") as output:
            output.write(text)
    data = setting.world.path("waiting.data")
    subprocess.run(["rm", "-rf", data], check=True)
    headgate = setting.built("headgate")
    key = subprocess.run(
        [headgate, "directory", "add-key", "--directory", files["directory"], "--tenant", "acme", "--principal", "web"],
        check=True, capture_output=True, text=True).stdout.strip()
    metrics, port = free_port(), free_port()
    server = Server(
        [headgate, "serve", "--policy", files["policy"], "--directory", files["directory"], "--data", data,
         "--listen", f"127.0.0.1:{metrics}", "--proxy", f"127.0.0.1:{port}",
         "--upstream", f"http://127.0.0.1:{upstream}", "--connections", str(REQUESTS + 100)],
        port, metrics, key, setting.world.path("waiting.log"))
    server.wait_for(port)
    return server


def settle(server):
    """The memory when it does not change any more."""
    last = -1
    while (now := server.resident_bytes()) != last:
        last = now
        time.sleep(1)
    return now


def http1(port, key, count, body):
    """Sends requests on a connection each."""
    fields = f"Content-Length: {body}\r\n" if body else ""
    head = f"{'POST' if body else 'GET'} /t/a HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\n{fields}\r\n"
    sockets = []
    for _ in range(count):
        sockets.append(socket.create_connection(("127.0.0.1", port)))
        sockets[-1].sendall(head.encode() + b"x" * body)
    return sockets


def http2(port, key, count, body):
    """Sends requests on streams of few connections."""
    fields = {":method": "POST" if body else "GET", ":scheme": "http", ":path": "/t/a", ":authority": "a"}
    block = b"".join(literal(*field) for field in (fields | {"x-api-key": key}).items())
    sockets = []
    for start in range(0, count, STREAMS):
        sockets.append(socket.create_connection(("127.0.0.1", port)))
        sockets[-1].sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b""))
        for number in range(min(STREAMS, count - start)):
            stream = 2 * number + 1
            sockets[-1].sendall(frame(1, 4 if body else 5, stream, block))
            if body:
                sockets[-1].sendall(frame(0, 1, stream, b"x" * body))
    return sockets


def frame(kind, flags, stream, payload):
    """A frame of HTTP/2 (RFC 9113 §4.1)."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def literal(name, value):
    """A field that no table knows (RFC 7541 §6.2.2)."""
    return bytes([0, len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
