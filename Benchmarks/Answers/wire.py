"""Reads an answer of the rate limit service from the bytes on the wire, with no code of ours: RFC 9113's frames, gRPC's
prefix, and the fields of service/ratelimit/v3/rls.proto."""

import struct

FRAMES = {0: "DATA", 1: "HEADERS"}
HEADER = {1: ("key", None), 2: ("value", None)}
VALUE = {2: ("number", None), 3: ("string", None)}
LIMIT = {1: ("requests_per_unit", None), 2: ("unit", None), 3: ("name", None)}
STATUS = {1: ("code", None), 2: ("current_limit", LIMIT), 3: ("limit_remaining", None),
          4: ("duration_until_reset", {1: ("seconds", None), 2: ("nanos", None)})}
RESPONSE = {1: ("overall_code", None), 2: ("statuses", STATUS), 3: ("response_headers_to_add", HEADER),
            5: ("raw_body", None), 6: ("dynamic_metadata", {1: ("fields", {1: ("key", None), 2: ("value", VALUE)})})}


def text(answer):
    """The frames of an answer, one after another; heads as they are on the wire, the message field by field."""
    lines = []
    while answer:
        length, kind, flags = int.from_bytes(answer[:3], "big"), answer[3], answer[4]
        payload, answer = answer[9:9 + length], answer[9 + length:]
        lines.append(f"{FRAMES.get(kind, kind)}, flags {flags}")
        if kind == 0:
            prefix, message = payload[:5], payload[5:]
            is_whole = prefix == bytes(1) + len(message).to_bytes(4, "big")
            lines.append("  one message, not compressed" if is_whole else f"  no whole message: {prefix.hex(' ')}")
            lines += fields(message, RESPONSE, "  ")
        else:
            lines.append(f"  {payload.hex(' ')}")
    return "\n".join(lines)


def fields(message, schema, indent):
    """The fields of a message in their order."""
    lines = []
    while message:
        tag, message = varint(message)
        name, inner = schema.get(tag >> 3, (f"unknown field {tag >> 3}", None))
        if tag & 7 == 0:
            value, message = varint(message)
        elif tag & 7 == 1:
            value, message = struct.unpack("<d", message[:8])[0], message[8:]
        elif tag & 7 == 2:
            length, message = varint(message)
            value, message = message[:length], message[length:]
            if inner:
                lines += [f"{indent}{name}:", *fields(value, inner, indent + "  ")]
                continue
            value = value.decode()
        else:
            return lines + [f"{indent}{name} of a kind that the message does not have"]
        lines.append(f"{indent}{name} {value}")
    return lines


def varint(message):
    """The number in front, and what is behind it."""
    value = 0
    for place, byte in enumerate(message):
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, message[place + 1:]
    raise ValueError("a number that does not end")
