"""Adam (Kingma and Ba, 2015): the direction of a step from a noisy gradient."""

from __future__ import annotations

import numpy as np

from localcloud.engines.extractive.ranker import Vector

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8


class Adam:
    """Running moments of one head's gradient."""

    def __init__(self, size: int) -> None:
        self._first = np.zeros(size)
        self._second = np.zeros(size)
        self._count = 0

    def direction(self, gradient: Vector) -> Vector:
        """What to subtract, times the step size."""
        self._count += 1
        self._first = _BETA1 * self._first + (1 - _BETA1) * gradient
        self._second = _BETA2 * self._second + (1 - _BETA2) * gradient**2
        first = self._first / (1 - _BETA1**self._count)
        second = self._second / (1 - _BETA2**self._count)
        return np.asarray(first / (np.sqrt(second) + _EPSILON))
