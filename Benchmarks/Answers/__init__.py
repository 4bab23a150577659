"""What the requests of `Benchmarks/gates` must be answered: one text per case beside this file.

In a text `{left}` stands for what is left of the quota after all requests that were made, `{before}` for what there was
before the last of them, and other words in braces for what differs from run to run. Everything else must be there to
the letter.
"""

import difflib
import os
import re

from Answers import wire

FOLDER = os.path.dirname(__file__)
VARYING = {
    "decision": r"[0-9A-HJKMNP-TV-Z]{26}",
    "digits": r"\d+",
    "version": r"[0-9a-f]{64}",
}


def text(case, answer):
    """An answer as a text that people can read."""
    return wire.text(answer) if case == "ratelimit" else answer.decode().replace("\r\n", "\n")


def pattern(line, known):
    """The regular expression for one line of an expected text."""
    parts = re.split(r"\{([a-z]+)\}", line)
    return "".join(VARYING.get(part) or re.escape(known[part]) if place % 2 else re.escape(part)
                   for place, part in enumerate(parts))


def difference(case, answer, known):
    """How an answer differs from what is expected; nothing if it does not."""
    path = os.path.join(FOLDER, f"{case}.txt")
    if not os.path.exists(path):
        return f"{os.path.relpath(path)} is not there; the answer is\n{text(case, answer)}"
    with open(path, encoding="utf-8") as file:
        expected = file.read().splitlines()
    found = text(case, answer).splitlines()
    if len(found) == len(expected) and all(
            re.fullmatch(pattern(line, known), got) for line, got in zip(expected, found)):
        return ""
    # Lines that are as they should be are no difference, however they are written.
    for place, (line, got) in enumerate(zip(expected, found)):
        if re.fullmatch(pattern(line, known), got):
            expected[place] = got
    return "\n".join(difflib.unified_diff(expected, found, os.path.relpath(path), "answered", lineterm="", n=1))
