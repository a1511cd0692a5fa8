"""Means and percentiles with bootstrap intervals; the seed is fixed, so a run repeats to the digit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 20261123
RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % bootstrap interval; ``None`` where there was nothing to measure."""

    value: float | None
    low: float | None
    high: float | None


NOTHING = Estimate(None, None, None)


def _resamples(n: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, n, size=(RESAMPLES, n), dtype=np.int64)


def _bounds(statistics: NDArray[np.float64]) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(statistics, [tail, 1 - tail])
    return float(low), float(high)


def weighted_mean(values: Sequence[float], weights: Sequence[float] | None = None) -> Estimate:
    """Sum of value x weight over sum of weights, resampled by question."""
    if not values:
        return NOTHING
    x = np.asarray(values, dtype=np.float64)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=np.float64)
    if math.isclose(float(w.sum()), 0.0):
        return NOTHING
    picks = _resamples(len(x))
    totals = w[picks].sum(axis=1)
    kept = totals > 0
    means = (x * w)[picks].sum(axis=1)[kept] / totals[kept]
    low, high = _bounds(means)
    return Estimate(float((x * w).sum() / w.sum()), low, high)


def percentile(values: Sequence[float], q: float) -> Estimate:
    """The q-th percentile (0 to 100, linear between neighbours), resampled by question."""
    if not values:
        return NOTHING
    x = np.asarray(values, dtype=np.float64)
    low, high = _bounds(np.percentile(x[_resamples(len(x))], q, axis=1))
    return Estimate(float(np.percentile(x, q)), low, high)
