"""The style sheet's colours can be read, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("shared.pages").joinpath("base.css").read_text("utf-8")
TEXT = 4.5
GRAPHIC = 3.0

PAIRS = [
    *((ink, paper, TEXT) for ink in ("ink", "quiet", "accent", "up", "down") for paper in ("paper", "raised")),
    ("warn-ink", "warn-paper", TEXT),
    ("warn-ink", "paper", TEXT),
    ("alarm-ink", "alarm-paper", TEXT),
    ("up", "good-paper", TEXT),
    *((ink, paper, TEXT) for ink in ("ink", "quiet") for paper in ("ins", "del", "mark")),
    ("accent", "paper", GRAPHIC),
]


def palette(which: int) -> dict[str, str]:
    """The colours of the n-th :root block: 0 light, 1 dark."""
    return dict(re.findall(r"--([\w-]+): (#\w{6});", re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[which]))


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_contrast_is_enough(which: int, ink: str, paper: str, least: float) -> None:
    colours = palette(which)
    low, high = sorted((luminance(colours[ink]), luminance(colours[paper])))
    assert (high + 0.05) / (low + 0.05) >= least


def test_both_schemes_define_the_same_colours() -> None:
    assert set(palette(0)) == set(palette(1))
