"""The world that every server is asked about: tenants, their keys, and requests as bytes."""

import binascii
import dataclasses
import hashlib
import hmac
import os
import random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
TENANTS = 10_000
SPENT = 1_000
MANY = 1_000_000


@dataclasses.dataclass
class Requests:
    """A file of requests of equal length."""

    path: str
    length: int


class World:
    """The files of a run, in one folder."""

    many = MANY

    def __init__(self, folder, policy):
        self.folder = folder
        self.policy = os.path.join(folder, "policy.yaml")
        self.directory = os.path.join(folder, "directory.yaml")
        self.policy_text = open(policy).read()
        os.makedirs(folder, exist_ok=True)
        self.variant = 0
        self.write_policy(0)
        self.write_directory()

    def path(self, name):
        """A file of the folder."""
        return os.path.join(self.folder, name)

    def write_policy(self, variant):
        """Writes the policy; another variant means something else, by a ten-millionth of the service's rate."""
        text = self.policy_text.replace("rate: 10000000/s, burst", f"rate: {10_000_000 + variant}/s, burst", 1)
        with open(self.policy + ".new", "w") as file:
            file.write(text)
        os.replace(self.policy + ".new", self.policy)

    def write_directory(self):
        """Writes tenants and keys as `headgate directory add-key` does, which would take a rewrite for each."""
        chance = random.Random(7)  # keys of a benchmark protect nothing
        secret = chance.randbytes(32)
        mark = hmac.digest(secret, b"headgate directory secret", "sha256")[:4].hex()
        self.keys, self.spent_keys = [], []
        lines = ["headgate-directory: 1", "", "tenants:"]
        for number in range(TENANTS + SPENT):
            key = self.key(chance)
            (self.keys if number < TENANTS else self.spent_keys).append(key)
            code = hmac.digest(secret, key.encode(), hashlib.sha256).hex()
            lines.append(
                f"  t{number:07}: {{ plan: {'growth' if number < TENANTS else 'spent'}, principals: {{ web: {{ "
                f'classes: [interactive], keys: [ {{ id: k_{number:012}, hash: "hmac-sha256:{mark}:{code}", '
                "created: 2026-01-01T00:00:00Z } ] } } }")
        with open(self.directory, "w") as file:
            file.write("\n".join(lines) + "\n")
        with open(os.open(self.directory + ".secret", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secret.hex() + "\n")

    @staticmethod
    def key(chance):
        """Prefix, 160 random bits, checksum."""
        text = "hg_live_" + "".join(chance.choice(ALPHABET) for _ in range(32))
        checksum = binascii.crc32(text.encode())
        return text + "".join(ALPHABET[checksum >> 5 * place & 31] for place in range(6, -1, -1))

    def write_many_tenants(self):
        """A directory of a million tenants without keys, whom a trusted caller names; returns its path."""
        path = self.path("many-tenants.yaml")
        with open(path, "w") as file:
            file.write("headgate-directory: 1\n\ntenants:\n")
            file.writelines(f"  t{number:07}: {{ plan: growth }}\n" for number in range(MANY))
        return path

    def requests(self, name, lines):
        """Writes requests, which must be of one length."""
        path = self.path(name + ".requests")
        length = 0
        with open(path, "wb") as file:
            for line in lines:
                assert length in (0, len(line)), "requests are of one length"
                length = len(line)
                file.write(line)
        return Requests(path, length)

    def tenant_requests(self):
        """What the peers are asked: the tenant's name in a header."""
        return self.requests("tenant", (
            f"GET /v1/envelopes/7 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Tenant: t{number:07}\r\n\r\n".encode()
            for number in range(TENANTS)))

    def front_requests(self):
        """What Envoy is asked: a request of the API itself, with a key."""
        return self.requests("front", (
            f"GET /v1/envelopes/7 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {key}\r\n\r\n".encode()
            for key in self.keys))

    def authorize_requests(self, spent=False):
        """What a proxy asks: a key, and the original request's method and URI."""
        return self.requests("authorize-spent" if spent else "authorize", (
            f"GET /v1/authorize HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {key}\r\nX-Original-Method: GET\r\n"
            "X-Original-URI: /v1/envelopes/7\r\n\r\n".encode() for key in (self.spent_keys if spent else self.keys)))

    def check_requests(self):
        """The same as a check call."""
        return self.requests("check", (
            self.check_call(f'{{"credential":"{key}","method":"GET","path":"/v1/envelopes/7"}}') for key in self.keys))

    def many_requests(self):
        """A check call for each of a million tenants, in an order in which no two neighbours follow each other."""
        return self.requests("many", (
            self.check_call(f'{{"tenant":"t{number * 611_953 % MANY:07}","method":"GET","path":"/v1/envelopes/7"}}')
            for number in range(MANY)))

    @staticmethod
    def check_call(body):
        """A check call around a body."""
        return (f"POST /v1/check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

    def rate_limit_call(self):
        """`RateLimitRequest { domain: "benchmark", descriptors: [{ entries: [key, method, path] }] }` for gRPC."""
        def field(number, value):
            length, rest = b"", len(value)
            while rest > 127:
                length, rest = length + bytes([rest & 127 | 128]), rest >> 7
            return bytes([number << 3 | 2]) + length + bytes([rest]) + value

        asked = [("api_key", self.keys[7]), ("method", "GET"), ("path", "/v1/envelopes/7")]
        entries = [field(1, field(1, key.encode()) + field(2, value.encode())) for key, value in asked]
        message = field(1, b"benchmark") + field(2, b"".join(entries))
        path = self.path("rate-limit.call")
        with open(path, "wb") as file:
            file.write(b"\0" + len(message).to_bytes(4, "big") + message)
        return path
