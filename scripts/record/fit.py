"""The fit: which values of a few parameters, within what the scenario commits to, agree best with the record.

A parameter is moved along z, the normal quantile of its place in its own prior: z = 0 is the prior's median, or the
middle of a range (in logs where its low end is above 0), and |z| <= 2 keeps it within. The fit makes

    sum over fitted series k and windows w of D(n_kw, mu_kw) + sum over parameters j of z_j^2

least, where n is what was seen, mu what the scenario expects and D the Poisson deviance 2 (n log(n/mu) - n + mu). So it
is the mode of the posterior if counts are Poisson. Squares of signed root deviances are handed to SciPy's trust-region
least squares (Branch, Coleman and Li 1999), with differences for the Jacobian; every evaluation solves the game from
the neighbouring equilibrium and certifies it. Nothing random: the same files give the same values.

Blind to the claims: the scenario as written, its starting situations and what was seen are all that goes in. No
variant, regime, claim, outcome, loss or felt value is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import norm

from equipoise.draws import distribution
from equipoise.game.game import Game
from equipoise.scenario.models import Parameter, Scenario
from record.model import Expected, NotSolvedError, expect
from record.names import HAPPENINGS, PASSAGES
from record.observed import windows

Floats = NDArray[np.float64]

FARTHEST = 2.0
"""Greatest |z|."""
STEP = 0.1
"""Difference in z for the Jacobian: well above the solver's error, well below the width of a prior."""
RADIUS = 0.5
"""First trust radius in z: expectations bend, so that a bolder first step is only taken back."""
UNSOLVED = 30.0
"""Residual of everything where no equilibrium was certified: worse than any that is."""
LEAST = 1e-9
"""An expectation is taken as at least this, so that what was seen once is not infinitely surprising."""


@dataclass(frozen=True)
class Fitted:
    """What the fit chose."""

    values: Mapping[str, float]
    z: Mapping[str, float]
    before: float
    """Deviance of the fitted series as the scenario is written."""
    after: float
    evaluations: int
    unsolved: int
    expected: Expected


def at(parameter: Parameter, z: float) -> float:
    """The parameter's value at the normal quantile z of what is known of it."""
    return float(distribution("fitted", parameter).quantile(norm.cdf(z)))


def where(parameter: Parameter) -> float:
    """z of the parameter's own value, kept within the bounds."""
    return float(np.clip(norm.ppf(distribution("fitted", parameter).cdf(parameter.value)), -FARTHEST, FARTHEST))


def deviances(expected: Mapping[str, Floats], seen: Mapping[str, Sequence[int]], series: Sequence[str]) -> Floats:
    """(series, windows) signed root deviances: above 0 where more was seen than expected."""
    n = np.array([seen[each] for each in series], float)
    mu = np.maximum([expected[each] for each in series], LEAST)
    term = np.where(n > 0, n * np.log(np.maximum(n, 1) / mu), 0.0)
    return np.asarray(np.sign(n - mu) * np.sqrt(np.maximum(2 * (term - n + mu), 0.0)))


def fitted_series() -> list[str]:
    """Series that the fit looks at."""
    return [each.series for each in (*PASSAGES, *HAPPENINGS) if each.fitted]


def fit(
    scenario: Scenario,
    game: Game,
    seen: Mapping[str, Sequence[int]],
    names: Sequence[str],
    *,
    most: int = 12,
    told: Callable[[int, float], None] | None = None,
) -> Fitted:
    """Values of the named parameters that agree best with what was seen.

    Args:
        scenario: whose parameters say what they may be.
        game: the scenario compiled.
        seen: counts by series, as `observed.counts` gives them.
        names: parameters to move.
        most: most steps of the search, each one Jacobian.
        told: is told the number of evaluations and the objective after each.

    Raises:
        NotSolvedError: not even the scenario as written has a certified equilibrium.
    """
    parameters = [scenario.parameters[name] for name in names]
    written = expect(game)
    first = deviances(written.counts, seen, fitted_series())
    place = np.array([where(parameter) for parameter in parameters])
    search = _Search(game, names, parameters, seen, [(place, written, np.empty(0))], told)
    # From the middle of the priors, so that the outcome does not depend on the defaults that it replaces.
    found = least_squares(
        search.residuals,
        np.zeros(place.size),
        search.jacobian,
        bounds=(-FARTHEST, FARTHEST),
        x_scale=RADIUS,
        max_nfev=most,
        xtol=1e-2,
        ftol=1e-2,
    )
    values = {n: float(f"{at(p, zj):.2g}") for n, p, zj in zip(names, parameters, found.x, strict=True)}
    last = expect(game.with_parameters(values), near=search.nearest(found.x)[1].equilibrium)
    after = deviances(last.counts, seen, fitted_series())
    return Fitted(
        values,
        dict(zip(names, found.x.tolist(), strict=True)),
        float((first**2).sum()),
        float((after**2).sum()),
        search.evaluations,
        search.unsolved,
        last,
    )


@dataclass
class _Search:
    """Residuals and their differences along z; every game is solved from the nearest one solved so far."""

    game: Game
    names: Sequence[str]
    parameters: Sequence[Parameter]
    seen: Mapping[str, Sequence[int]]
    solved: list[tuple[Floats, Expected, Floats]]
    """z, what follows from it, and its residuals."""
    told: Callable[[int, float], None] | None
    evaluations: int = 0
    unsolved: int = 0

    def nearest(self, z: Floats) -> tuple[Floats, Expected, Floats]:
        """The solved game nearest in z."""
        return min(self.solved, key=lambda each: float(np.linalg.norm(each[0] - z)))

    def residuals(self, z: Floats) -> Floats:
        """Signed root deviances of the fitted series in every window, then z."""
        place, near, known = self.nearest(z)
        if np.array_equal(place, z) and known.size:
            return known
        values = {name: at(parameter, zj) for name, parameter, zj in zip(self.names, self.parameters, z, strict=True)}
        self.evaluations += 1
        try:
            expected = expect(self.game.with_parameters(values), near=near.equilibrium, thorough=False)
        except NotSolvedError:
            self.unsolved += 1
            return np.full(len(fitted_series()) * len(windows()) + z.size, UNSOLVED)
        found = np.concatenate([deviances(expected.counts, self.seen, fitted_series()).ravel(), z])
        self.solved = [each for each in self.solved if each[2].size] + [(z.copy(), expected, found)]
        if self.told:
            self.told(self.evaluations, float(found @ found))
        return found

    def jacobian(self, z: Floats) -> Floats:
        """One-sided differences, towards the inside; a column of zeros where the neighbour has no equilibrium."""
        here = self.residuals(z)
        columns = []
        for j in range(z.size):
            step = -STEP if z[j] > 0 else STEP
            there = z.copy()
            there[j] += step
            moved = self.residuals(there)
            columns.append(np.zeros(here.size) if moved[0] == UNSOLVED else (moved - here) / step)
        return np.column_stack(columns)
