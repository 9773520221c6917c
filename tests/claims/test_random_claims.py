"""Whatever can be written as a claim is either refused with a located problem or told, written, and judged."""

from __future__ import annotations

from typing import Any

import pytest
from arguments import claim, quarrel, with_claims
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solutions
from equipoise.claims.verdict import Status, Verdict
from equipoise.claims.wording import tell_verdict
from equipoise.scenario import dump, loads
from equipoise.scenario.checks import check
from equipoise.scenario.claims import UNITS
from equipoise.scenario.english import tell
from equipoise.scenario.models import Scenario

REGIMES = st.sampled_from(["quiet", "showdown"])
STEPS = st.lists(st.sampled_from(["press", "relent", "yield", "border-incident"]), min_size=1, max_size=3, unique=True)
VARIANTS = st.sampled_from(["as-written", "no-retreat", "meek", "tense", "lost"])
STARTS = st.sampled_from(["calm", "hot"])
YEARS = st.floats(0.2, 20).map(lambda years: round(years, 2))
KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "risk": st.fixed_dictionaries(
        {"risk": st.sampled_from(["any", "war"])},
        optional={"within": YEARS, "by": STEPS, "through": REGIMES, "avoiding": REGIMES},
    ),
    "eventually": st.just({"eventually": "war"}),
    "hazard": st.fixed_dictionaries({"hazard": st.just("war")}, optional={"at": YEARS, "inside": REGIMES}),
    "loss": st.fixed_dictionaries({"loss": st.sampled_from(["everyone", "red"])}, optional={"within": YEARS}),
    "value": st.just({"value": "everyone"}),
    "frequency": st.fixed_dictionaries({"frequency": STEPS}, optional={"within": YEARS}),
    "occupancy": st.fixed_dictionaries({"occupancy": REGIMES}, optional={"at": YEARS}),
    "time": st.fixed_dictionaries({"time": REGIMES}, optional={"within": YEARS}),
    "dwell": st.fixed_dictionaries({"dwell": REGIMES}),
    "exits": st.fixed_dictionaries({"exits": REGIMES, "by": STEPS}),
    "settles": st.fixed_dictionaries({"settles": REGIMES}, optional={"within": YEARS, "avoiding": REGIMES}),
    "road": st.fixed_dictionaries({"road": REGIMES, "through": REGIMES}, optional={"within": YEARS}),
}


@st.composite
def single(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(KINDS)))
    test: dict[str, Any] = {"measure": draw(KINDS[kind])}
    number = draw(st.floats(0, 1).map(lambda x: round(x, 3)))
    bound = f"{number} years" if UNITS[kind] == "years" else number
    way = draw(st.sampled_from(["above", "below", "lower", "higher", "start", "rising", "falling", "needs"]))
    if draw(st.booleans()) and way != "start":
        test["starts"] = draw(st.lists(STARTS, min_size=1, max_size=2, unique=True))
    if way in ("above", "below"):
        test |= {way: bound, "variant": draw(VARIANTS)}
    elif way in ("lower", "higher"):
        than = draw(st.lists(VARIANTS, min_size=1, max_size=2, unique=True))
        test |= {way: draw(VARIANTS), draw(st.sampled_from(["than", "than_one_of"])): than}
    elif way == "start":
        test |= {"higher": {"start": "hot"}, "than": {"start": "calm", "state": {"pressure": draw(LEVELS)}}}
    elif way == "needs":
        test |= {"needs": "A1", "above": bound}
    else:
        test[way] = draw(SERIES)
    if draw(st.booleans()):
        test["margin"] = bound
    return test


LEVELS = st.sampled_from(["none", "some", "high"])
SERIES = st.one_of(
    st.just({"parameter": "pace"}),
    st.just({"factor": "pressure"}),
    st.just({"factor": "valley", "levels": ["blue", "red"]}),
    st.lists(VARIANTS, min_size=2, max_size=3, unique=True).map(lambda names: {"variants": names}),
)
TESTS = single() | st.lists(single(), min_size=1, max_size=2).flatmap(
    lambda tests: st.sampled_from([{"all": tests}, {"any": tests}])
)
EDITS = {
    "no-retreat": {"about": "Blueland cannot yield", "drop": ["yield"], "set": {"shame": 9}},
    "meek": {"about": "Redland cannot press", "drop": ["press"]},
    "tense": {"about": "pressure stays", "pin": {"pressure": "some"}},
    "lost": {"about": "the valley is lost", "pin": {"valley": "red"}},
}
BASE = with_claims(quarrel(), variants=EDITS)
SOLVED = Solutions(BASE)


@given(TESTS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_random_claim_is_refused_or_judged(test: dict[str, Any]) -> None:
    try:
        argued = with_claims(BASE, claim(test))
    except ValidationError:
        return
    if any(problem.severity == "error" for problem in check(argued)):
        return
    assert loads(dump(argued)) == argued
    assert any("K: It is so." in line for section in tell(argued) for line in section.lines)
    verdict = judged(argued)
    assert verdict.status is not Status.UNTESTED
    assert tell_verdict(argued, verdict)
    if verdict.status in (Status.HOLDS, Status.FAILS):
        for finding in verdict.findings:
            for witness in finding.witnesses:
                for split in witness.differences:
                    assert split.assumed + split.emergent == pytest.approx(split.total, abs=1e-9)
                    assert 0 <= split.known <= 1


def judged(argued: Scenario) -> Verdict:
    """Judged with what was solved before: cases do not depend on the claims."""
    solutions = Solutions(argued, solved=dict(SOLVED.solved))
    verdict = judge(argued.claims[0], solutions)
    SOLVED.solved.update(solutions.solved)
    return verdict
