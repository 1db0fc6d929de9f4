"""The table: one row a contender, median and range over the rounds, ratios to the bare loop of the same round."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence

from benchmarks.runtime.contenders import BARE
from benchmarks.runtime.measure import PATIENCE_S, Sample

Samples = Mapping[str, Sequence[Sample]]
"""By contender, in the order of the rounds."""

HEAD = (
    "contender", "messages per CPU-second", "of the bare loop", "requests, empty", "requests, 100 ms",
    "requests, with send", "requests, 100 ms and send", "left invisible", "seconds to exit", "idle requests an hour",
    "SQS $", "DynamoDB $", "S3 $",
)  # fmt: skip


def rendered(samples: Samples, idle: Mapping[str, float]) -> str:
    """Markdown. A contender that failed keeps its row; why stands below the table."""
    lines = [_line(HEAD), _line(["---"] * len(HEAD))]
    lines += [_line(_row(name, rounds, samples.get(BARE, ()), idle)) for name, rounds in samples.items()]
    problems = [
        f"- {name}: {sample.problem}" for name, rounds in samples.items() for sample in rounds if sample.problem
    ]
    return "\n".join([*lines, *([""] if problems else []), *dict.fromkeys(problems)])


def ratios(rounds: Sequence[Sample], bare: Sequence[Sample]) -> list[float]:
    """Messages per CPU-second over those of the bare loop, round by round."""
    pairs = zip(rounds, bare, strict=False)
    return [ours.per_cpu_s / base.per_cpu_s for ours, base in pairs if ours.per_cpu_s and base.per_cpu_s]


def spread(values: Sequence[float], form: str) -> str:
    """Median, and the range in brackets when there is one."""
    if not values:
        return "–"
    middle, low, high = (format(f(values), form) for f in (statistics.median, min, max))
    return middle if low == high else f"{middle} ({low}–{high})"


def _row(name: str, rounds: Sequence[Sample], bare: Sequence[Sample], idle: Mapping[str, float]) -> list[str]:
    def over(value: Callable[[Sample], float | None], form: str) -> str:
        return spread([found for sample in rounds if (found := value(sample)) is not None], form)

    return [
        name, over(lambda s: s.per_cpu_s, ".0f"), spread(ratios(rounds, bare), ".2f"), over(lambda s: s.empty, ".2f"),
        over(lambda s: s.slow, ".2f"), over(lambda s: s.hop, ".2f"), over(lambda s: s.slow_hop, ".2f"),
        over(lambda s: s.invisible, ".0f"),
        _exits(rounds), f"{idle[name]:.0f}" if name in idle else "–",
        *(over(lambda s, at=service: s.dollars.get(at), ".2f") for service in ("sqs", "dynamodb", "s3")),  # type: ignore[misc]
    ]  # fmt: skip


def _exits(rounds: Sequence[Sample]) -> str:
    ended = [sample for sample in rounds if sample.invisible is not None]
    killed = sum(sample.exit_s is None for sample in ended)
    if killed:
        return f"over {PATIENCE_S:.0f}, killed ({killed} of {len(ended)})"
    return spread([sample.exit_s for sample in ended if sample.exit_s is not None], ".1f")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
