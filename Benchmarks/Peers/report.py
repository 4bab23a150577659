"""The report: what was asked, what was got, every row, and how noisy it was."""

import datetime

import claims
import machine
import overload


def table(head, rows):
    """A Markdown table; all columns but the first are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def number(value, form="{:,.0f}"):
    """A number, or a dash."""
    return "–" if value is None else form.format(value)


def block_lines(block, rows):
    """One block's table."""
    lines = [f"## {block.title}", "", block.note, ""]
    measured = [row for row in rows if row.readings]
    if block.name in ("memory", "waiting"):
        lines += table(["", "MB"], [[row.name, f"{row.megabytes:.1f}"] for row in measured])
    elif block.name == "overload":
        lines += table(
            ["", "workers busy with good answers", *(f"{tier}: {word}" for tier in overload.PATHS
                                                    for word in ("answered", "refused", "late", "p99 ms"))],
            [[row.name, f"{row.goodput:.1%}", *(text for part in row.tiers.values() for text in (
                f"{part.answered:.1%}", number(part.refused), number(part.late), number(part.p99, "{:,.1f}")))]
             for row in measured])
    elif block.name == "noisy":
        lines += table(
            ["", "p99 ms alone", "p99 ms beside", "more", "answered beside"],
            [[row.name, f"{row.alone['p99'] / 1_000:.1f}", f"{row.beside['p99'] / 1_000:.1f}",
              f"{row.beside['p99'] / row.alone['p99'] - 1:+.0%}", f"{row.beside['good'] / row.beside['begun']:.1%}"]
             for row in measured])
    elif block.name == "latency":
        lines += table(
            ["", "p50 µs", "p99 µs", "p99.9 µs", "p99.9 of the best and the worst round", "CPU µs/request"],
            [[row.name, number(row.median("p50")), number(row.median("p99")), number(row.median("p999")),
              f"{min(row.values('p999')):,.0f} – {max(row.values('p999')):,.0f}",
              number(row.median("cpu_microseconds"), "{:.2f}")] for row in measured])
    elif measured:
        ours = measured[0]
        lines += table(
            ["", "per second", "ours ÷ this", "CPU µs/request", "this ÷ ours", "p99 µs", "spread", "others"],
            [[row.name, number(row.median("per_second")),
              number(ours.median("per_second") / row.median("per_second"), "{:.2f}×"),
              number(row.median("cpu_microseconds"), "{:.2f}"),
              number(row.median("cpu_microseconds") / ours.median("cpu_microseconds"), "{:.2f}×"),
              number(row.median("p99")), f"{row.spread():.0%}", number(row.median("others"), "{:.0%}")]
             for row in measured])
    lines += [f"\nNot measured: {row.name}: {row.skipped}." for row in rows if row.skipped]
    return lines + [""]


def markdown(blocks, results, setting, engine):
    """The whole report."""
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions().items())
    lines = [
        "# Headgate beside its peers", "", f"{today}. {machine.describe()}.", "", f"{versions}.", "",
        f"Medians of {setting.rounds} rounds of {setting.seconds} s, everybody in turn, servers on core "
        f"{setting.server_core}, load on core {setting.load_core}. *Spread* is how far the rounds lie apart, *others* "
        "the share of one core that went to neither servers nor load during a median round; a round with more than "
        "15 % of it was taken again, up to three times, and the quietest kept. With more than a few per cent of "
        "either, trust the ratios and not the figures, and measure again before you decide.", "",
    ]
    verdicts = claims.judge(results, setting.quick)
    if verdicts:
        lines += ["## What it must reach", ""] + table(
            ["", "asked", "got", "verdict"], [[v.claim, v.asked, v.got, v.word] for v in verdicts]) + [""]
    for block in blocks:
        if block.name in results:
            lines += block_lines(block, results[block.name])
    if engine:
        lines += ["## The engine alone", "", "In one process, without HTTP: `admission-benchmark`.", "", engine, ""]
    return "\n".join(lines)
