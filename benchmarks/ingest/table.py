"""The findings as Markdown tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchmarks.ingest.measures import Findings
from benchmarks.ingest.outcomes import Outcomes
from benchmarks.ingest.readers import Reading

LIMIT_MIB = 500


def rendered(found: Findings) -> str:
    """Measured beside aimed at, then outcomes by format and the worst files."""
    parts = ["\n".join([_line(["what", "measured", "aim"]), _line(["---"] * 3), *map(_line, _rows(found))])]
    for title, readings in found.speeds.items():
        count = len(next(iter(readings.values())).files)
        parts.append("\n".join([f"{title[0].upper() + title[1:]}, {count} files:", "", *_speeds(readings)]))
    if found.outcomes:
        parts.append("\n".join(["What `groundtune parse` made of every file:", "", *_outcomes(found.outcomes)]))
    for title, recall in found.recalls.items():
        rows = [[name, str(missing), str(total), f"{share:.3f}"] for missing, share, total, name in recall.worst]
        head = [["worst files", "words missing", "of", "recall"], ["---"] * 4]
        if rows:
            parts.append("\n".join([f"{title}, files with most words missing:", "", *map(_line, [*head, *rows])]))
    if found.korean and found.korean.inside:
        told = [f"- `{line.replace('`', '')}`" for line in found.korean.inside]
        parts.append("\n".join(["Where kiwipiepy sees no end of a sentence, and a chunk ends:", "", *told]))
    return "\n\n".join(parts)


def _rows(found: Findings) -> Iterator[list[str]]:
    if found.outcomes:
        yield ["files without a line in the output", f"{found.outcomes.missing} of {found.outcomes.files}", "0"]
    aims = {"PDF against pdfminer.six": "≥ 0.970", "DOCX against all visible w:t": "≥ 0.980"}
    for title, recall in found.recalls.items():
        yield [f"pooled word recall, {title}, {recall.files} files", f"{recall.pooled:.4f}", aims[title]]
        yield ["its precision (text given twice lowers it)", f"{recall.precision:.4f}", ""]
    ours, pdfium, pypdf, _ = found.speeds["PDFs"].values()
    yield ["PDF throughput over pypdf's", f"{pypdf.best_s / ours.best_s:.1f}", "≥ 5"]
    yield ["PDF throughput over bare pypdfium2's", f"{pdfium.best_s / ours.best_s:.2f}", "≥ 0.50"]
    ours, markitdown = found.speeds["a mixed folder"].values()
    yield ["mixed folder, throughput over markitdown's", f"{markitdown.best_s / ours.best_s:.1f}", "≥ 5"]
    if found.korean:
        yield [
            f"ends of chunks within a line, {found.korean.documents} Korean documents: in a sentence, says kiwipiepy",
            f"{len(found.korean.inside)} of {found.korean.edges}, listed below", "",
        ]  # fmt: skip
    if found.peak:
        yield [
            "peak memory of one process over all files", f"{found.peak.peak_mib:.0f} MiB ({found.peak.path.name})",
            f"< {LIMIT_MIB} MiB",
        ]  # fmt: skip


def _speeds(readings: dict[str, Reading]) -> Iterator[str]:
    yield _line(["reader", "CPU seconds, best (worst)", "MB a second", "files failed"])
    yield _line(["---"] * 4)
    for title, reading in readings.items():
        spread = f"{reading.best_s:.2f} (to {max(reading.cpu_s):.2f})"
        failed = sum(bool(file.error) for file in reading.files)
        yield _line([title, spread, f"{reading.bytes / 1e6 / reading.best_s:.1f}", str(failed)])


def _outcomes(outcomes: Outcomes) -> Iterator[str]:
    by_suffix: dict[str, list[str]] = defaultdict(list)
    for (suffix, code), count in sorted(outcomes.counts.items(), key=lambda item: (item[0][0], -item[1])):
        by_suffix[suffix].append(f"{code} {count}")
    yield _line(["name ends in", "outcomes"])
    yield _line(["---"] * 2)
    for suffix, codes in by_suffix.items():
        yield _line([suffix or "(nothing)", ", ".join(codes)])
    yield f"\n{outcomes.files} files in {outcomes.seconds:.1f} s with {outcomes.jobs} jobs."


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
