"""Tuples as registers: sums over a number of terms that the compiler knows.

Compiled loops keep what they sum for each actor in a tuple. As long as every index into it is known to the compiler it
lives in registers; an array would be written and read at each step, as nothing tells that arrays don't overlap (two to
three times slower). Numba has this function for its own use; nothing public does the same.
"""

from __future__ import annotations

from typing import Any

from numba.cpython.unsafe import tuple as unsafe

replaced: Any = unsafe.tuple_setitem
"""replaced(numbers, j, number): the same tuple with another number at j."""
