"""From an argument about a regional security system to a model, its equilibrium and its war risk.

The main path is `equipoise.assess`; a scenario is read by `equipoise.scenario.reading.load`.
"""

import os

# Vectors here are short: BLAS threads make a solution several times slower. Whoever knows better sets them beforehand.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
