"""An ensemble and everything that it says about a scenario's claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from equipoise.claims.cases import all_cases
from equipoise.claims.solutions import Solutions
from equipoise.deciding.decision import Decision, decide_all
from equipoise.deciding.flipping import Flips, flips, premises_of
from equipoise.deciding.futures import Futures
from equipoise.deciding.reading import futures
from equipoise.ensemble.plan import Plan
from equipoise.ensemble.store import Store, open_store
from equipoise.errors import RequestError, no_such
from equipoise.scenario.models import Scenario

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Exploration:
    """What is not known, and what follows."""

    futures: Futures
    decisions: tuple[Decision, ...]
    """For every claim that was judged and not refused, in the order of the scenario."""
    flips: tuple[Flips, ...]
    """For the claims for which cruxes were asked."""
    command: str
    """By which the ensemble was made."""
    seed: int


def store_of(scenario: Scenario, folder: Path, *, cruxes: Sequence[str] = ()) -> Store:
    """The ensemble in a folder, if it is one of a scenario, and the claims asked about are.

    Raises:
        RequestError: the folder holds no ensemble, or one of another scenario; a claim is unknown.
    """
    for name in cruxes:
        if name not in (known := [claim.id for claim in scenario.claims]):
            raise no_such("claim", name, known)
    store = open_store(folder)
    if store.about.get("scenario_sha256") != Plan(scenario).scenario_hash:
        raise RequestError(
            f"{folder} is an ensemble of another text of the scenario ('{store.about.get('scenario')}'); right would "
            "be one of the present text: equipoise explore"
        )
    return store


def exploration(
    scenario: Scenario,
    store: Store,
    *,
    cruxes: Sequence[str] = (),
    solutions: Solutions | None = None,
    progress: Progress | None = None,
) -> Exploration:
    """What an ensemble of a scenario says about its claims.

    Args:
        scenario: as `load` returns it.
        store: its ensemble, as `store_of` gives it.
        cruxes: ids of claims for which the nearest changes of premises are looked for, by solving.
        solutions: of the scenario at its own numbers, if some are there already.
        progress: told the stage and how far it has come.
    """
    found = futures(store)
    decisions = decide_all(found, progress=progress)
    known = {claim.id: claim for claim in scenario.claims}
    flipped = []
    for name in cruxes:
        own = solutions or Solutions(scenario, progress=progress)
        own.prepare(all_cases(scenario, [known[name]]))
        flipped.append(flips(known[name], own, premises=premises_of(scenario), progress=progress))
    about = store.about
    return Exploration(found, decisions, tuple(flipped), str(about.get("command", "")), int(about.get("seed", 0)))
