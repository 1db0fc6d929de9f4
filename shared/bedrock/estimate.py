"""What an experiment will cost, before it starts: items from counts and prices, the unknown ones named. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shared.bedrock.models import Facts
from shared.bedrock.usage import NANO, Route, Usage, cost_nano, missing_prices


@dataclass(frozen=True)
class Calls:
    """Model calls of one kind; tokens are those of one call."""

    what: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    route: Route = "default"


@dataclass(frozen=True)
class Training:
    """A customization job over so many tokens, each read once an epoch."""

    what: str
    model: str
    tokens: int
    epochs: int


@dataclass(frozen=True)
class Hosting:
    """A deployment for so many hours."""

    what: str
    model: str
    hours: float


@dataclass(frozen=True)
class Guarding:
    """Text units that a guardrail looks at; ``model`` is the guardrail's name in the table of models."""

    what: str
    model: str
    units: int


Work = Calls | Training | Hosting | Guarding


@dataclass(frozen=True)
class Line:
    """One item: what, of which model, how much of it. ``usd`` is None when a price is unknown; ``missing`` names it."""

    what: str
    model: str
    amount: str
    usd: float | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """Items and their sum. ``usd`` adds up what is known: less than the whole while ``unknown`` names anything."""

    lines: tuple[Line, ...]

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines if line.usd is not None)

    @property
    def unknown(self) -> list[str]:
        """``model: price, …`` for each model whose price is not known."""
        missing: dict[str, list[str]] = {}
        for line in self.lines:
            missing.setdefault(line.model, []).extend(line.missing)
        return [f"{model}: {', '.join(sorted(set(prices)))}" for model, prices in missing.items() if prices]


def estimate(work: Iterable[Work], facts: Callable[[str], Facts]) -> Estimate:
    """The price of some work, ``facts`` saying what is known of a model."""
    return Estimate(tuple(_line(item, facts(item.model)) for item in work))


def _line(item: Work, facts: Facts) -> Line:
    match item:
        case Calls():
            return _calls(item, facts)
        case Training():
            amount = f"{item.tokens:,} tokens × {item.epochs} epochs"
            return _priced(item, amount, "usd_training", facts.usd_training, item.tokens * item.epochs / 1_000_000)
        case Guarding():
            return _priced(item, f"{item.units:,} text units", "usd_text_unit", facts.usd_text_unit, item.units)
        case Hosting():
            return _priced(item, f"{item.hours:g} hours", "usd_hosting_hour", facts.usd_hosting_hour, item.hours)


def _calls(item: Calls, facts: Facts) -> Line:
    usage = Usage(item.calls * item.input_tokens, item.calls * item.output_tokens)
    way = "" if item.route == "default" else f", {item.route}"
    amount = f"{item.calls:,} calls × ({item.input_tokens:,} in + {item.output_tokens:,} out){way}"
    nano = cost_nano(usage, facts, item.route)
    missing = tuple(missing_prices(usage, facts, item.route))
    return Line(item.what, item.model, amount, None if nano is None else nano / NANO, missing)


def _priced(item: Training | Hosting | Guarding, amount: str, name: str, price: float | None, units: float) -> Line:
    if price is None and units:
        return Line(item.what, item.model, amount, None, (name,))
    return Line(item.what, item.model, amount, (price or 0.0) * units)
