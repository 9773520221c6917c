"""Vectors in registers, and the exponential and the logarithm that are computed many at a time."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

from equipoise.kernels.registers import item, load, store, total, unit, zero
from equipoise.kernels.transcendental import exponential, logarithm

EPS = np.finfo(float).eps


@njit
def combine(zeros: tuple[float, ...], a: np.ndarray, b: np.ndarray, k: int, out: np.ndarray) -> float:
    x, y = load(zeros, a, (1,)), load(zeros, b, (1, 2))
    store(out, (1,), (x + 2.0 * y) * x / y - unit(zeros, a, k) + zero(zeros, a))
    return total(x * y) + item(x, k)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("count", range(1, 10))
def test_vectors_compute_what_arrays_do_and_touch_nothing_else(count: int, kind: type) -> None:
    rng = np.random.default_rng(count)
    a, b = rng.random((3, count)).astype(kind), 1 + rng.random((2, 3, count)).astype(kind)
    out = np.full((3, count), 7, kind)
    k = count // 2
    found = combine((0.0,) * count, a, b, k, out)
    x, y = a[1].astype(float), b[1, 2].astype(float)
    digits = 4 * float(np.finfo(kind).eps) * count
    assert found == pytest.approx((x * y).sum() + x[k], rel=digits)
    assert out[1] == pytest.approx((x + 2 * y) * x / y - (np.arange(count) == k), rel=digits, abs=digits)
    assert (out[[0, 2]] == 7).all()


def test_arrays_whose_rows_lie_scattered_are_refused() -> None:
    a = np.asfortranarray(np.ones((3, 2)))
    with pytest.raises(TypingError, match="contiguous"):
        combine((0.0, 0.0), a, np.ones((2, 3, 2)), 0, np.ones((3, 2)))


@njit
def exponentials(x: np.ndarray) -> None:
    for k in range(x.size):
        x[k] = exponential(x[k])


@njit
def logarithms(x: np.ndarray) -> None:
    for k in range(x.size):
        x[k] = logarithm(x[k])


def test_exponentials_are_right_to_the_last_place() -> None:
    rng = np.random.default_rng(0)
    x = -np.concatenate([rng.exponential(5, 20_000), 10 ** rng.uniform(-18, 2.84, 20_000), [0.0, 1e-300, 707.9]])
    found = x.copy()
    exponentials(found)
    exact = np.exp(x.astype(np.longdouble))
    assert float(np.abs(found / exact - 1).max()) < 1.5 * EPS
    ends = np.array([0.0, -0.0, -708.5, -1e300, -np.inf, np.nan])
    exponentials(ends)
    np.testing.assert_array_equal(ends, [1.0, 1.0, 0.0, 0.0, 0.0, np.nan])


def test_logarithms_are_right_to_two_units_in_the_last_place() -> None:
    rng = np.random.default_rng(0)
    x = 1 + np.concatenate([rng.exponential(3, 20_000), 10 ** rng.uniform(-15, 9, 20_000), [0.0, EPS]])
    found = x.copy()
    logarithms(found)
    exact = np.log(x.astype(np.longdouble))
    assert float((np.abs(found - exact) / np.maximum(exact, 1e-300)).max()) < 2 * EPS
    assert found[x == 1].tolist() == [0.0]
