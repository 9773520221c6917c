"""Speeds against the bars of docs/benchmarks.md, as ratios of processor times within one run.

    python -m benchmarks            all of them, each in a process of its own
    python -m benchmarks.sweep      one

Games and twins come from the tests' own helpers.
"""

import os
import sys
from pathlib import Path

# Before numpy is first imported: threads help none of our array sizes.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

_TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(_TESTS), str(_TESTS / "equilibrium")]
