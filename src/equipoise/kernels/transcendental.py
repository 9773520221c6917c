"""Exponential and logarithm that the compiler can work out for several numbers at a time.

The mathematical library's take one number at a time, and were more than half of a sweep over the equations. These are
correct to about two units in the last place.
"""

from __future__ import annotations

import numpy as np
from numba import njit

LOG2E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
ROUND = 6755399441055744.0
"""1.5 2^52: added and taken away again it rounds to an integer, whose bits are then the sum's lowest."""


@njit(cache=True, inline="always", error_model="numpy")
def exponential(x: float) -> float:
    """exp(x) for x <= 0; exactly 0 below -708, where it is less than 1e-307."""
    kept = -708.0 if x <= -708.0 else x
    shifted = kept * LOG2E + ROUND
    whole = shifted - ROUND
    rest = (kept - whole * LN2_HIGH) - whole * LN2_LOW
    # Taylor's polynomial of degree 13: |rest| <= log(2)/2, where the next term is below 5e-18.
    power = rest * (1.0 / 6227020800.0) + 1.0 / 479001600.0
    power = power * rest + 1.0 / 39916800.0
    power = power * rest + 1.0 / 3628800.0
    power = power * rest + 1.0 / 362880.0
    power = power * rest + 1.0 / 40320.0
    power = power * rest + 1.0 / 5040.0
    power = power * rest + 1.0 / 720.0
    power = power * rest + 1.0 / 120.0
    power = power * rest + 1.0 / 24.0
    power = power * rest + 1.0 / 6.0
    power = power * rest + 0.5
    power = 1.0 + (rest + power * rest * rest)
    scale = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    return 0.0 if x <= -708.0 else power * scale


@njit(cache=True, inline="always", error_model="numpy")
def logarithm(x: float) -> float:
    """log(x) for normal x >= 1."""
    bits = np.float64(x).view(np.int64)
    # x = m 2^e with m from sqrt(1/2) to sqrt(2): 0x3fe6a09e667f3bcd are the bits of the former.
    exponent = (bits - 0x3FE6A09E667F3BCD) >> 52
    m = np.int64(bits - (exponent << 52)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    square = s * s
    # log m = 2 artanh(s), |s| <= .172: the first term left out is below 2e-18.
    series = 1.0 / 23.0
    series = series * square + 1.0 / 21.0
    series = series * square + 1.0 / 19.0
    series = series * square + 1.0 / 17.0
    series = series * square + 1.0 / 15.0
    series = series * square + 1.0 / 13.0
    series = series * square + 1.0 / 11.0
    series = series * square + 1.0 / 9.0
    series = series * square + 1.0 / 7.0
    series = series * square + 1.0 / 5.0
    series = series * square + 1.0 / 3.0
    return exponent * LN2_HIGH + (2.0 * s * (square * series) + (2.0 * s + exponent * LN2_LOW))
