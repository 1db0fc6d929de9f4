"""A Dockerfile as its stages, enough to check ours without a container engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass
class Stage:
    """One ``FROM`` and the instructions under it: (name in capitals, argument)."""

    name: str
    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def last(self, instruction: str) -> str | None:
        return next((argument for name, argument in reversed(self.instructions) if name == instruction), None)

    def all(self, instruction: str) -> list[str]:
        return [argument for name, argument in self.instructions if name == instruction]


def stages() -> dict[str, Stage]:
    """The stages of docker/Dockerfile by name."""
    found: dict[str, Stage] = {}
    stage: Stage | None = None
    for line in (ROOT / "docker" / "Dockerfile").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        instruction, _, argument = line.partition(" ")
        if instruction == "FROM":
            base, _, name = argument.partition(" AS ")
            stage = found.setdefault(name, Stage(name, base))
        else:
            assert stage is not None, f"{instruction} before any FROM"
            stage.instructions.append((instruction, argument))
    return found


def ancestry(name: str) -> list[Stage]:
    """The stage and those it is built on, innermost last."""
    known = stages()
    line = [known[name]]
    while line[-1].base in known:
        line.append(known[line[-1].base])
    return line


def setting(name: str, instruction: str) -> str | None:
    """What an image built from the stage has for an instruction that is inherited (USER, STOPSIGNAL, …)."""
    return next((value for stage in ancestry(name) if (value := stage.last(instruction))), None)
