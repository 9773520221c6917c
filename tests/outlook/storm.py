"""Our chains in Storm, a probabilistic model checker that shares no code with us."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import stormpy
from numpy.typing import NDArray
from stormpy.datastructures import SparseMatrixBuilder
from stormpy.environments import Environment, EquationSolverType, NativeLinearEquationSolverMethod
from stormpy.models import SparseCtmc, SparseModelComponents, StateLabeling

from equipoise.outlook.chain import Chain


def storm_model(chain: Chain, regimes: dict[str, NDArray[np.bool_]] | None = None) -> SparseCtmc:
    """The chain as a Storm CTMC; outcome o is state S + o, labelled ``outcome_o``, and a regime has its own label."""
    S, width = chain.n_states, len(chain.outcomes)
    absorbed = sp.hstack([sp.csr_array((width, S)), sp.eye_array(width)])
    rates = sp.csr_array(sp.vstack([sp.hstack([chain.transition, chain.absorption]), absorbed]))
    rates.sort_indices()
    builder = SparseMatrixBuilder(S + width, S + width, rates.nnz)
    for s in range(S + width):
        for k in range(rates.indptr[s], rates.indptr[s + 1]):
            builder.add_next_value(s, int(rates.indices[k]), float(rates.data[k]))
    labels = StateLabeling(S + width)
    for name, states in {
        **{f"outcome_{o}": [S + o] for o in range(width)},
        **{name: np.flatnonzero(mask) for name, mask in (regimes or {}).items()},
    }.items():
        labels.add_label(name)
        for s in states:
            labels.add_label_to_state(name, int(s))
    parts = SparseModelComponents(transition_matrix=builder.build(), state_labeling=labels, rate_transitions=True)
    parts.exit_rates = [*map(float, chain.exit_rate), *[1.0] * width]
    return SparseCtmc(parts)


def ask(model: SparseCtmc, formula: str) -> NDArray[np.float64]:
    """Storm's answer to a CSL formula such as ``P=? [F<=10 "outcome_0"]``, from every state, far beyond 1e-8."""
    environment = Environment()
    solver = environment.solver()
    # Storm's default solvers stop when changes are small; sound value iteration proves its precision.
    solver.set_linear_equation_solver_type(EquationSolverType.NATIVE)
    solver.native().method = NativeLinearEquationSolverMethod.SOUND_VALUE_ITERATION
    solver.native().precision = stormpy.Rational(1e-12)
    solver.native().maximal_number_of_iterations = 10_000_000
    result = stormpy.model_checking(model, stormpy.parse_properties(formula)[0], environment=environment)
    return np.array([result.get_value(s) for s in range(model.nr_states)], float)
