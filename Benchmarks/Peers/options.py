"""The command line."""

import argparse
import os

import blocks
import machine

DESCRIPTION = """\
Starts every peer that is installed, runs ours and theirs in turn, and prints medians and ratios as Markdown.

Each server has one core and the load another; read CPU per request beside requests per second, because a fast server
waits for its load generator. A run in which any call fails, or is answered otherwise than expected, is void.
"""

EXAMPLES = """\
examples:
  make bench                                   all of it, about ten minutes; the report goes to Benchmarks/results
  make bench ARGUMENTS=--quick                 three short rounds, to see that everything runs
  make bench ARGUMENTS='--only authorize'      one block; the report goes to .headgate/bench/report.md
  make bench ARGUMENTS='--ratelimit PATH'      with envoyproxy/ratelimit, built from its sources with Go
  make bench ARGUMENTS=--list                  the blocks, and which peers are missing and where to get them

How to read the report, and what can go wrong in measuring: Benchmarks/README.md.
"""


def parse(arguments):
    """Reads the command line."""
    names = [block.name for block in blocks.ALL] + ["engine"]
    parser = argparse.ArgumentParser(
        prog="make bench", description=DESCRIPTION, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=names, metavar="BLOCK",
                        help=f"measure this block alone; may be repeated: {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="three rounds of one second: to try it, not to cite it")
    parser.add_argument("--rounds", type=int, help="rounds of each block; 5 unless told otherwise")
    parser.add_argument("--seconds", type=int, help="seconds of each measurement; 4 unless told otherwise")
    parser.add_argument("--ratelimit", default=os.environ.get("RATELIMIT_BINARY"), metavar="PATH",
                        help="the binary of envoyproxy/ratelimit; also from RATELIMIT_BINARY")
    parser.add_argument("--output", metavar="FILE", help="where the report goes")
    parser.add_argument("--lock", metavar="FILE",
                        help="hold this flock(1) lock while measuring, and let go of it every few minutes")
    parser.add_argument("--list", action="store_true", help="list the blocks and the tools, and stop")
    found = parser.parse_args(arguments)
    found.rounds = found.rounds or (3 if found.quick else 5)
    found.seconds = found.seconds or (1 if found.quick else 4)
    return found


def listing():
    """The blocks, and what they need."""
    lines = [f"{block.name:<10} {block.title}" for block in blocks.ALL]
    lines += ["engine     The engine alone, in one process", ""]
    for tool, source in machine.TOOLS.items():
        path = machine.find(tool)
        lines.append(f"{tool:<16} {path or 'missing: it is in ' + source}")
    return "\n".join(lines)
