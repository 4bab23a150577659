"""Memory that idle connections take."""

import socket
import time

from load import Reading
from ours import Headgate
from rounds import Row

CONNECTIONS = 1_000


def run(setting, say, pause):
    """Opens connections, makes one request on each, and looks at the server's RSS."""
    server = Headgate("headgate with idle connections", setting, setting.world.authorize_requests())
    sockets = []
    try:
        say(f"  starting {server.name}")
        server.start()
        child = server.children[0]
        with open(server.requests.path, "rb") as file:
            request = file.read(server.requests.length)
        ask(server.port, request, []).close()
        time.sleep(1)
        before = child.resident_bytes()
        for _ in range(CONNECTIONS):
            ask(server.port, request, sockets)
        time.sleep(2)
        after = child.resident_bytes()
    finally:
        for connection in sockets:
            connection.close()
        server.stop()
    say(f"  {before / 1e6:.1f} MB before, {after / 1e6:.1f} MB with {CONNECTIONS:,} connections")
    rows = []
    for name, size in [("RSS before", before), (f"RSS with {CONNECTIONS:,} idle connections", after),
                       ("difference", after - before)]:
        row = Row(name, [Reading(0, 0)])
        row.megabytes = size / 1e6
        rows.append(row)
    return rows


def ask(port, request, sockets):
    """Opens a connection and makes one request on it."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    sockets.append(connection)
    connection.sendall(request)
    answer = connection.recv(4_096)
    assert answer.startswith(b"HTTP/1.1 200"), answer[:80]
    return connection
