"""The findings as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.data.deduplication import Search
from benchmarks.data.leakage import Leakage
from benchmarks.data.shingles import Separation
from benchmarks.data.validating import Check


def of_searches(found: Sequence[Search]) -> str:
    """Rates relative to the first row."""
    rows = [
        [
            one.title, f"{one.texts:,}", f"{one.cpu_s:.1f}", f"{one.rate:,.0f}", f"{one.rate / found[0].rate:.1f}",
            f"{one.peak_mib:,.0f}", f"{one.pairs:,}", f"{one.caught:,} of {one.planted:,}",
        ]
        for one in found
    ]  # fmt: skip
    head = [
        "search",
        "texts",
        "CPU seconds",
        "texts a CPU second",
        "× datasketch",
        "peak MiB",
        "pairs",
        "planted found",
    ]
    return table(head, rows)


def of_checks(found: Sequence[Check]) -> str:
    rows = [[one.family, f"{one.rows:,}", f"{one.mib:.0f}", f"{one.cpu_s:.2f}"] for one in found]
    return table(["format of", "rows", "MiB", "CPU seconds"], rows)


def of_leakage(found: Sequence[Leakage]) -> str:
    rows = [
        [
            one.name, one.split, f"{one.planted:,}", f"{one.caught / one.planted:.1%}",
            f"{one.worst[0]} {one.worst[1]:.1%}", f"{one.clean:,}", f"{one.lost / one.clean:.2%}",
            "–" if one.cosine is None else f"{one.cosine:.3f}",
        ]
        for one in found
    ]  # fmt: skip
    head = ["questions", "held out by", "planted", "caught", "worst kind of edit", "clean", "clean taken out", "cosine"]
    return table(head, rows)


def of_separation(found: Sequence[Separation]) -> str:
    rows = [
        [one.name, "–".join(map(str, one.lengths)), f"{one.median:.3f}", f"{one.low:.3f}", f"{one.other:.3f}"]
        for one in found
    ]
    head = ["questions", "letters a shingle", "reworded, median", "reworded, 5th percentile", "nearest other, 99th"]
    return table(head, rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))
