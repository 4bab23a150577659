"""What 10,000 waiting requests cost: the memory of a proxy whose upstream does not answer. Run by hand:

    ulimit -n 30000; python3 Tests/Integration/Client/waiting.py .build/release/headgate [count]

Starts the server with an upstream that takes requests and never answers, lets one principal send requests over
HTTP/1.1, one connection each, or over HTTP/2, 250 streams a connection, with and without a body that has begun, and
prints how much the resident memory has grown when all of them wait.
"""
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

POLICY = """
headgate: 1
name: waiting
owner: tests
tiers: [{ name: work, queue: { depth: 20000, wait: 300s } }]
classes:
  interactive: { tier: work, consequence: time-sensitive, owner: tests }
operations:
  things: { match: ["GET /t/{x}", "POST /t/{x}"], tier: work }
plans:
  only: { tenant: { rate: 1000000/s, burst: 1000000 } }
"""
DIRECTORY = """
headgate-directory: 1
tenants:
  acme:
    plan: only
    principals:
      web: { classes: [interactive] }
"""


def hold():
    """An upstream that takes requests and never answers."""
    server = socket.create_server(("127.0.0.1", 0), backlog=4096)
    kept = []

    def accept():
        while True:
            kept.append(server.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1]


def resident(process):
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


def settle(process):
    """The memory when it does not change any more."""
    last = -1
    while (now := resident(process)) != last:
        last = now
        time.sleep(1)
    return now


def http1(port, key, count, body):
    sockets = []
    for _ in range(count):
        client = socket.create_connection(("127.0.0.1", port))
        method, fields = ("POST", "Content-Length: 100000\r\n") if body else ("GET", "")
        head = f"{method} /t/a HTTP/1.1\r\nHost: api.example\r\nX-API-Key: {key}\r\nUser-Agent: waiting\r\n{fields}\r\n"
        client.sendall(head.encode() + b"x" * body)
        sockets.append(client)
    return sockets


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def literal(name, value):
    return bytes([0, len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def http2(port, key, count, body):
    sockets = []
    fields = {":method": "POST" if body else "GET", ":scheme": "http", ":path": "/t/a", ":authority": "api.example"}
    block = b"".join(literal(*field) for field in (fields | {"x-api-key": key, "user-agent": "waiting"}).items())
    while count > 0:
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b""))
        for number in range(min(250, count)):
            stream = 2 * number + 1
            client.sendall(frame(1, 4 if body else 5, stream, block))
            if body:
                client.sendall(frame(0, 0, stream, b"x" * body))
        count -= min(250, count)
        sockets.append(client)
    return sockets


def run(headgate, count, send, body, name):
    with tempfile.TemporaryDirectory() as folder:
        for file, text in [("policy.yaml", POLICY), ("directory.yaml", DIRECTORY)]:
            with open(f"{folder}/{file}", "w") as output:
                output.write(text)
        add = [headgate, "directory", "add-key", "--directory", f"{folder}/directory.yaml"]
        key = subprocess.run(
            add + ["--tenant", "acme", "--principal", "web"], check=True, capture_output=True, text=True).stdout.strip()
        process = subprocess.Popen(
            [headgate, "serve", "--policy", f"{folder}/policy.yaml", "--directory", f"{folder}/directory.yaml"]
            + ["--data", f"{folder}/data", "--listen", "127.0.0.1:0", "--proxy", "127.0.0.1:0"]
            + ["--upstream", f"http://127.0.0.1:{hold()}", "--connections", str(count + 100)],
            stderr=subprocess.PIPE, text=True)
        try:
            log = ""
            while "serves on" not in log:
                log += process.stderr.readline()
            threading.Thread(target=process.stderr.read, daemon=True).start()
            port = int(re.search(r"passes requests on from http://127\.0\.0\.1:(\d+)", log).group(1))
            http1(port, key, 1, 0)
            before = settle(process)
            start = time.monotonic()
            sockets = send(port, key, count, body)
            grown = settle(process) - before
            answered = 0
            for client in sockets:
                client.setblocking(False)
                try:
                    answered += b"HTTP/1.1" in client.recv(4096)
                except BlockingIOError:
                    pass
            print(
                f"{name}: {count} requests over {len(sockets)} connections, {answered} answered: "
                f"{grown / 1e6:.1f} MB, {grown / count / 1024:.2f} KiB each ({time.monotonic() - start:.0f} s)")
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    binary, total = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    run(binary, total, http1, 0, "HTTP/1.1")
    run(binary, total, http1, 1000, "HTTP/1.1, 1,000 bytes of the body sent")
    run(binary, total, http2, 0, "HTTP/2")
    run(binary, total, http2, 250, "HTTP/2, 250 bytes of the body sent")
