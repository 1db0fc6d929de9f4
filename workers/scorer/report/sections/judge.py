"""What the LLM judge said, and the checks that tell how far it can be trusted."""

from __future__ import annotations

from schemas.judging import CRITERIA
from schemas.report import JudgeCanary, JudgeMatch, JudgeReport, Report
from shared.text import numbers
from workers.scorer.report.charts.forest import strength_plot
from workers.scorer.report.sections.model import Labels, Section, Table
from workers.scorer.report.sections.texts import estimate, share


def judge(report: Report, t: Labels) -> Section:
    """Where no judge was asked: how to ask one."""
    words, found = t["judge"], report.judge
    if found is None:
        return Section("judge", words["heading"], intro=[words["empty"]])
    plot = strength_plot(found.strengths, report.baseline)
    tables = [_matches(found, words), _bias(found, words), _canaries(found, words), _ratings(found, words)]
    return Section(
        "judge",
        words["heading"],
        alarms=[] if found.valid else [words["invalid"]],
        intro=[words["why"]],
        facts=[
            (words["model"], found.model),
            (words["signature"], found.signature),
            (words["questions"], numbers.count(found.questions)),
            (words["verdict"], words["valid" if found.valid else "not_valid"]),
        ],
        tables=[table for table in tables if table.rows],
        charts=[plot] if plot else [],
        notes=[*([words["strength_why"]] if plot else []), *found.notes],
    )


def _matches(found: JudgeReport, words: Labels) -> Table:
    names = ("match", "win_rate", "length_controlled", "wins", "ties", "losses", "errors")
    rows = [_match(match, words) for match in found.matches]
    return Table(words["matches"], [words[name] for name in names], rows, len(names) - 1)


def _match(match: JudgeMatch, words: Labels) -> list[str | None]:
    counts = (match.wins, match.ties, match.losses, match.errors)
    return [
        words["against"].format(arm=match.arm, against=match.against),
        estimate(match.win_rate, match.low, match.high, share),
        share(match.length_controlled),
        *map(numbers.count, counts),
    ]


def _bias(found: JudgeReport, words: Labels) -> Table:
    names = ("first_slot", "consistency", "tie_share", "error_share")
    bias = found.bias
    values = (bias.first_slot, bias.consistency, bias.ties, bias.errors)
    rows = [[words[name], words[f"{name}_why"], share(value)] for name, value in zip(names, values, strict=True)]
    caption = words["bias"].format(votes=numbers.count(bias.votes))
    return Table(caption, [words["check"], words["meaning"], words["share"]], rows, 1)


def _canaries(found: JudgeReport, words: Labels) -> Table:
    head = [words["canary"], words["meaning"], words["passed"], words["verdict"]]
    return Table(words["canaries"], head, [_canary(canary, words) for canary in found.canaries], 1)


def _canary(canary: JudgeCanary, words: Labels) -> list[str | None]:
    passed = words["of"].format(part=numbers.count(canary.passed), whole=numbers.count(canary.n))
    told = words["canary_passed" if canary.valid else "canary_failed"]
    return [words[canary.kind], words[f"{canary.kind}_why"], passed, told]


def _ratings(found: JudgeReport, words: Labels) -> Table:
    """A mean a criterion; how much of an answer the documents support stands beside, if that was asked."""
    arms = dict.fromkeys([*found.ratings, *found.groundedness])
    criteria = [name for name in CRITERIA if any(name in rated for rated in found.ratings.values())]
    head = [words["arm"], *(words[name] for name in criteria)]
    rows = [[arm, *(numbers.decimal(found.ratings.get(arm, {}).get(name), 2) for name in criteria)] for arm in arms]
    if found.groundedness:
        head += [words["groundedness"]]
        rows = [[*row, share(found.groundedness.get(arm))] for row, arm in zip(rows, arms, strict=True)]
    return Table(words["ratings"], head, rows, len(head) - 1)
