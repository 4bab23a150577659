#!/usr/bin/env python3
"""Checks a ledger, an exported one, a .tlog-proof or a consistency proof, from the specifications alone.

It shares no code with Headgate. Hashes and trees are those of RFC 6962, notes and checkpoints those of
c2sp.org/signed-note and tlog-checkpoint, signatures Ed25519 (RFC 8032) in plain Python; all from the standard library.

    verify_ledger.py file LEDGER.SQLITE --key VKEY [--checkpoint FILE]...
    verify_ledger.py export FOLDER --key VKEY [--checkpoint FILE]...
    verify_ledger.py proof FILE --key VKEY
    verify_ledger.py consistency FILE OLDER-CHECKPOINT --key VKEY

A file is read as it is, with all its tables: records, tiles, what commands were told, and what was saved beside
them for the next start. What that says is not computed again here; it has to be whole, and signed for the root of
the records that it was made from.

Exit code 0: it holds. 1: it does not, and standard error says why.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import pathlib
import sqlite3
import struct
import sys


class Wrong(Exception):
    """What does not hold."""


def check(truth, message):
    if not truth:
        raise Wrong(message)


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Wrong(f"'{text}' is not base 64") from error
    check(base64.b64encode(data).decode() == text, f"'{text}' is not the base 64 of anything")
    return data


# Ed25519, RFC 8032, section 5.1: slow and plain.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    """Adds points in extended coordinates (RFC 8032, section 5.1.4)."""
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e = (y1 - x1) * (y2 - x2) % P
    f = (y1 + x1) * (y2 + x2) % P
    g = 2 * t1 * t2 * D % P
    h = 2 * z1 * z2 % P
    a, b, c, d = f - e, h - g, h + g, f + e
    return a * b % P, c * d % P, b * c % P, a * d % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    check(y < P, "the point is not in its one right form")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    check((x * x - square) % P == 0 and (x or not sign), "the point is not on the curve")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def has_signed(public, signature, message):
    if len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= L:
        return False
    try:
        key, point = decompress(public), decompress(signature[:32])
    except Wrong:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = multiply(scalar, BASE)
    right = add(point, multiply(int.from_bytes(digest, "little") % L, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# Notes and checkpoints.


class Key:
    def __init__(self, text):
        parts = text.strip().split("+", 2)
        check(len(parts) == 3, "a key is name+hash+key")
        self.name, stated, data = parts[0], parts[1], unbase64(parts[2])
        check(len(data) == 33 and data[0] == 1, "the key is not of Ed25519")
        self.public = data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]
        check(self.id.hex() == stated, "the hash of the key is wrong")


def signed_text(note, key):
    """The text of a note, if the key has signed it."""
    text, gap, lines = note.rpartition("\n\n")
    check(gap and lines.endswith("\n"), "the checkpoint is no note")
    text += "\n"
    own = []
    for line in lines[:-1].split("\n"):
        check(line.startswith("— ") and line.count(" ") == 2, "a signature line is malformed")
        _, name, data = line.split(" ")
        data = unbase64(data)
        if name == key.name and data[:4] == key.id:
            own.append(data[4:])
    check(own, f"{key.name} has not signed")
    check(all(has_signed(key.public, one, text.encode()) for one in own), "the signature is wrong")
    return text


class Checkpoint:
    def __init__(self, note, key):
        body = signed_text(note, key).split("\n")
        check(len(body) >= 4 and body[0] == key.name, "the checkpoint is of another log")
        check(body[1].isascii() and body[1].isdigit() and str(int(body[1])) == body[1], "the size is malformed")
        self.size, self.root = int(body[1]), unbase64(body[2])
        check(len(self.root) == 32, "the root is malformed")


# Trees, RFC 6962, section 2.1; proofs by RFC 6962's definition, walked from the root down.


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def split(size):
    return 1 << (size - 1).bit_length() - 1


class Roots:
    """The roots of a tree as it grows."""

    def __init__(self):
        self.stack, self.size = [], 0

    def append(self, hash):
        height = 0
        while self.stack and self.stack[-1][0] == height:
            hash = node(self.stack.pop()[1], hash)
            height += 1
        self.stack.append((height, hash))
        self.size += 1

    def root(self):
        if not self.stack:
            return hashlib.sha256(b"").digest()
        hash = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            hash = node(left, hash)
        return hash


def root_by_inclusion(index, size, hash, path):
    if size == 1:
        check(not path, "the proof is too long")
        return hash
    check(path, "the proof is too short")
    middle = split(size)
    if index < middle:
        return node(root_by_inclusion(index, middle, hash, path[:-1]), path[-1])
    return node(path[-1], root_by_inclusion(index - middle, size - middle, hash, path[:-1]))


def roots_by_consistency(older, size, proof, known):
    """The roots of the older and the newer tree that a proof leads to; `known`: the older root where it is left out."""
    if older == size:
        if known is not None:
            check(not proof, "the proof is too long")
            return known, known
        check(len(proof) == 1, "the proof has the wrong length")
        return proof[0], proof[0]
    check(proof, "the proof is too short")
    middle = split(size)
    if older <= middle:
        left, newer = roots_by_consistency(older, middle, proof[:-1], known)
        return left, node(newer, proof[-1])
    right, newer = roots_by_consistency(older - middle, size - middle, proof[:-1], None)
    return node(proof[-1], right), node(proof[-1], newer)


# Records.


def entry_of(salt, record):
    check(len(salt) == 32, "the salt does not have 32 bytes")
    return b"\x01" + hmac.new(salt, record, hashlib.sha256).digest()


def parse_record(data):
    try:
        form, sequence, time, version = struct.unpack_from(">BQqQ", data)
        position, names = 25, []
        for _ in range(4):
            length = data[position]
            names.append(data[position + 1 : position + 1 + length].decode())
            position += 1 + length
        (length,) = struct.unpack_from(">I", data, position)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Wrong("a record is malformed") from error
    check(form == 1 and len(data) == position + 4 + length, "a record is malformed")
    return {"sequence": sequence, "time": time, "version": version, "actor": names[0], "type": names[1],
            "stream": names[2], "command": names[3]}


# A record of this type says that time was set back, since a clock had been ahead.
SET_BACK = "ledger.clock_set_back"


# The questions.


def path(number, width):
    groups = []
    while True:
        number, rest = divmod(number, 1000)
        groups.insert(0, f"{rest:03}")
        if not number:
            break
    name = "/".join("x" + group for group in groups[:-1]) + ("/" if groups[1:] else "") + groups[-1]
    return name if width == 256 else f"{name}.p/{width}"


def read(file):
    check(file.is_file(), f"{file} is missing")
    return file.read_bytes()


def entries_of(bundle):
    position, entries = 0, []
    while position < len(bundle):
        check(position + 2 <= len(bundle), "an entry bundle is cut off")
        (length,) = struct.unpack_from(">H", bundle, position)
        check(position + 2 + length <= len(bundle), "an entry bundle is cut off")
        entries.append(bundle[position + 2 : position + 2 + length])
        position += 2 + length
    return entries


def verify_export(folder, key, outside):
    head = Checkpoint(read(folder / "checkpoint").decode(), key)
    expected = {}
    for file in sorted((folder / "checkpoints").glob("*")) + outside:
        kept = Checkpoint(read(file).decode(), key)
        check(kept.size <= head.size, f"{file} is of {kept.size} records, the export has {head.size}")
        expected.setdefault(kept.size, []).append((kept.root, str(file)))
    expected.setdefault(head.size, []).append((head.root, "checkpoint"))

    tree, versions, last, erased = Roots(), {}, None, 0
    levels = [[]]

    def compare():
        for root, file in expected.pop(tree.size, []):
            check(root == tree.root(), f"the entries do not lead to the root in {file}")

    compare()
    for number in range((head.size + 255) // 256):
        width = min(256, head.size - 256 * number)
        entries = entries_of(read(folder / "tile" / "entries" / path(number, width)))
        records = read(folder / "records" / path(number, width)).decode().splitlines()
        check(len(entries) == width and len(records) == width, f"entries or records {number} have a wrong number")
        for entry, line in zip(entries, records):
            stored = json.loads(line)
            check(stored["index"] == tree.size, f"record {tree.size} is not in its place")
            if "record" in stored:
                record = unbase64(stored["record"])
                check(entry_of(unbase64(stored["salt"]), record) == entry, f"record {tree.size} was changed")
                parsed = parse_record(record)
                check(parsed["sequence"] == tree.size, f"record {tree.size} says another place")
                check(last is None or parsed["time"] >= last or parsed["type"] == SET_BACK,
                      f"record {tree.size} is older than one before it")
                before = versions.get(parsed["stream"])
                check(before is None or parsed["version"] > before, f"record {tree.size} has an old version")
                last, versions[parsed["stream"]] = parsed["time"], parsed["version"]
            else:
                erased += 1
            levels[0].append(leaf(entry))
            tree.append(levels[0][-1])
            compare()
    check(not expected, "the export ends before its checkpoint")

    compare_tiles(levels, lambda level, number, width: read(folder / "tile" / str(level) / path(number, width)))
    return f"{head.size} records, {erased} erased"


def compare_tiles(levels, tile):
    """Builds the levels above the leaves and holds all tiles against them."""
    while len(levels[-1]) >= 256:
        row = levels[-1]
        above = []
        for start in range(0, len(row) - 255, 256):
            part = Roots()
            for hash in row[start : start + 256]:
                part.append(hash)
            above.append(part.root())
        levels.append(above)
    for level, row in enumerate(levels):
        for number in range((len(row) + 255) // 256):
            hashes = row[256 * number : 256 * number + 256]
            check(tile(level, number, len(hashes)) == b"".join(hashes), f"tile {number} of level {level} was changed")


def one(database, query, *values):
    row = database.execute(query, values).fetchone()
    check(row, f"nothing is there for: {query}")
    return row[0]


def verify_file(file, key, outside):
    check(file.is_file(), f"{file} is missing")
    database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    head = Checkpoint(one(database, "SELECT note FROM head"), key)
    expected = {head.size: [(head.root, "the newest checkpoint")]}
    kept = database.execute("SELECT size, note FROM checkpoint")
    notes = [(note, f"the checkpoint of {size}") for size, note in kept]
    notes += [(read(other).decode(), str(other)) for other in outside]
    sealed = seal_of(database, key)
    for note, name in notes:
        kept = Checkpoint(note, key)
        check(kept.size <= head.size, f"{name} is of {kept.size} records, the file has {head.size}")
        expected.setdefault(kept.size, []).append((kept.root, name))
    if sealed:
        check(sealed[0] <= head.size, f"what was saved is of {sealed[0]} records, the file has {head.size}")
        expected.setdefault(sealed[0], []).append((sealed[1], "what was saved for the next start"))

    tree, versions, last, gone, levels, made = Roots(), {}, None, set(), [[]], {}

    def compare():
        for root, name in expected.pop(tree.size, []):
            check(root == tree.root(), f"the records do not lead to the root in {name}")

    compare()
    leaves = b""
    rows = database.execute("SELECT sequence, time, actor, type, stream, version, salt, bytes, commitment FROM record "
                            "ORDER BY sequence")
    for sequence, time, actor, kind, stream, version, salt, record, commitment in rows:
        check(tree.size < head.size, f"record {sequence} stands after the newest checkpoint")
        check(sequence == tree.size, f"record {tree.size} is missing")
        if sequence % 256 == 0:
            leaves = one(database, "SELECT hashes FROM tile WHERE place = ?", sequence // 256)
        entry = entry_of(salt, record) if commitment is None else b"\x01" + commitment
        place = 32 * (sequence % 256)
        check(leaf(entry) == leaves[place : place + 32], f"record {sequence} was changed")
        if commitment is None:
            parsed = parse_record(record)
            stated = {"sequence": sequence, "time": time, "version": version, "actor": actor, "type": kind,
                      "stream": stream, "command": parsed["command"]}
            check(parsed == stated, f"the columns of record {sequence} are not what it says")
            if parsed["command"]:
                made.setdefault(parsed["command"], []).append((sequence, time))
        else:
            gone.add(sequence)
        check(last is None or time >= last or kind == SET_BACK, f"record {sequence} is older than one before it")
        check(version == versions.get(stream, 0) + 1, f"record {sequence} has another version than the next")
        last, versions[stream] = time, version
        levels[0].append(leaf(entry))
        tree.append(levels[0][-1])
        compare()
    check(not expected, "records are missing at the end")
    compare_tiles(levels, lambda level, number, width: one(
        database, "SELECT hashes FROM tile WHERE place = ?", level << 56 | number)[: 32 * width])
    verify_commands(database, made, gone)
    return f"{head.size} records, {len(gone)} erased, {len(made)} commands" + (", saved state sealed" if sealed else "")


def verify_commands(database, made, gone):
    """Holds what commands were told against the records that they made."""
    for id, first, count, time in database.execute("SELECT id, first, count, time FROM command"):
        own = made.pop(id, [])
        wrong = f"the command {id} is said to have made {count} records from {first} on, which do not say so"
        check(0 < count <= 10_000, wrong)
        known = [sequence for sequence in range(first, first + count) if sequence not in gone]
        check([sequence for sequence, _ in own] == known and all(at == time for _, at in own), wrong)
    check(not made, f"what the command {next(iter(made), '')} was told is missing")


def numbers(data):
    """Reads LEB128 numbers, seven bits in each byte, the lowest first."""
    number, shift = 0, 0
    for place, byte in enumerate(data):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number, place + 1
            number, shift = 0, 0


def seal_of(database, key):
    """Size and root that were signed for what was saved, if anything was, and if its bytes are those that were sealed."""
    row = database.execute("SELECT bytes FROM snapshot WHERE name = 'registry'").fetchone()
    if not row:
        return None
    reading = numbers(row[0])
    (form, _), (place, _), (parts, _), (length, start) = (next(reading) for _ in range(4))
    if form != 2:
        return None
    lines = signed_text(row[0][start : start + length].decode(), key).split("\n")
    check(len(lines) == 5 and lines[0] == "headgate projection registry", "the seal is of something else")
    digests = b""
    for part in range(parts):
        bytes = one(database, "SELECT bytes FROM snapshot WHERE name = ?", f"registry/{place}/{part}")
        digests += hashlib.sha256(bytes).digest()
    check(hashlib.sha256(digests).digest() == unbase64(lines[3]), "what was saved for the next start was changed")
    return int(lines[1]), unbase64(lines[2])


def verify_proof(file, key):
    text = read(file).decode()
    top, gap, note = text.partition("\n\n")
    lines = top.split("\n")
    check(gap and lines[0] == "c2sp.org/tlog-proof@v1", "this is no proof")
    check(len(lines) > 2 and lines[1].startswith("extra "), "the proof does not say what it proves")
    extra = unbase64(lines[1][6:])
    check(lines[2].startswith("index "), "the proof has no index")
    index = int(lines[2][6:])
    head = Checkpoint(note, key)
    check(extra and extra[0] in (1, 2), "the evidence is of an unknown kind")
    entry = entry_of(extra[1:33], extra[33:]) if extra[0] == 1 else b"\x01" + extra[1:]
    check(0 <= index < head.size, "the index is outside of the tree")
    found = root_by_inclusion(index, head.size, leaf(entry), [unbase64(line) for line in lines[3:]])
    check(found == head.root, "the proof does not lead to the root")
    if extra[0] == 1:
        check(parse_record(extra[33:])["sequence"] == index, "the record says another place")
    return f"entry {index} of {head.size}"


def verify_consistency(file, older, key):
    stated = json.loads(read(file))
    old, new = Checkpoint(read(older).decode(), key), Checkpoint(stated["checkpoint"], key)
    check(0 < old.size <= new.size, "the older checkpoint is of more records, or of none")
    proof = [unbase64(line) for line in stated["proof"]]
    check(roots_by_consistency(old.size, new.size, proof, old.root) == (old.root, new.root), "history was rewritten")
    return f"{old.size} records are the beginning of {new.size}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, places in (("file", ["place"]), ("export", ["place"]), ("proof", ["place"]), ("consistency", ["place", "older"])):
        command = commands.add_parser(name)
        for place in places:
            command.add_argument(place, type=pathlib.Path)
        command.add_argument("--key", required=True)
        command.add_argument("--checkpoint", type=pathlib.Path, action="append", default=[])
    call = parser.parse_args()
    try:
        key = Key(call.key)
        if call.command == "file":
            print(verify_file(call.place, key, call.checkpoint))
        elif call.command == "export":
            print(verify_export(call.place, key, call.checkpoint))
        elif call.command == "proof":
            print(verify_proof(call.place, key))
        else:
            print(verify_consistency(call.place, call.older, key))
    except (Wrong, UnicodeDecodeError, ValueError, KeyError, TypeError, StopIteration, sqlite3.Error) as error:
        sys.exit(f"wrong: {error}")


if __name__ == "__main__":
    main()
