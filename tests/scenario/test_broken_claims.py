"""One broken example for every rule about claims, and for every way in which a test can be unfair."""

from __future__ import annotations

import pytest
from specimen import ARGUED, MARK, edited
from test_broken import Broken, tell

from equipoise.errors import ScenarioError
from equipoise.scenario import dump, loads, read_string
from equipoise.scenario.nodes import parse
from equipoise.scenario.rules import claims, fairness
from equipoise.scenario.shape import shape

M = MARK
SHAPE = [
    Broken("text as bound", "}, above: 1}", f"}}, above: {M}much}}", "claims.T1.test.above", "'much'", "3 years"),
    Broken("truth as bound", "}, above: 1}", f"}}, above: {M}true}}", "claims.T1.test.above", "true", "a number"),
    Broken(
        "unknown measure",
        "{measure: {frequency: bluff,",
        f"{{measure: {{{M}frequncy: bluff,",
        "claims.T1.test.measure.frequncy",
        "'frequncy'",
        "frequency",
        "frequency",
    ),
    Broken(
        "two measures",
        "{dwell: trouble}",
        "{dwell: trouble, time: trouble}",
        "claims.C6.test.all.0.measure",
        "time and dwell",
        "exactly one",
        at="measure: {dwell",
    ),
    Broken(
        "no measure",
        "measure: {dwell: trouble}",
        "measure: {within: 3 years}",
        "claims.C6.test.all.0.measure",
        "no measure",
        "exactly one",
        at="measure: {within",
    ),
    Broken(
        "option of another measure",
        "{dwell: trouble}",
        "{dwell: trouble, within: 3 years}",
        "claims.C6.test.all.0.measure",
        "the option within with dwell",
        "dwell alone",
        at="measure: {dwell",
    ),
    Broken(
        "road to where",
        "{road: peace, through: trouble}",
        "{road: peace}",
        "claims.C3.test.measure",
        "road without `through`",
        "through: regime",
        at="measure: {road",
    ),
    Broken(
        "through and avoiding",
        "by: strike, avoiding: peace",
        "through: trouble, avoiding: peace",
        "claims.C1.test.measure",
        "together",
        "one of the two",
        at="measure: {risk",
    ),
    Broken(
        "test of nothing",
        "}, above: 1}",
        "}}",
        "claims.T1.test",
        "nothing to decide",
        "exactly one",
        at="test: {measure",
    ),
    Broken(
        "two tests in one",
        "}, above: 1}",
        "}, above: 1, lower: silent, than: hot}",
        "claims.T1.test",
        "above or below and lower",
        "exactly one",
        at="test: {measure",
    ),
    Broken(
        "test without measure",
        "measure: {dwell: trouble}, ",
        "",
        "claims.C6.test.all.0",
        "without measure",
        "measure:",
        at="{needs",
    ),
    Broken(
        "lower than nothing",
        "      than: silent\n",
        "",
        "claims.C1.test",
        "higher without",
        "than:",
        at="test:\n      measure: {risk",
    ),
    Broken(
        "than without lower",
        "}, above: 1}",
        "}, above: 1, than: silent}",
        "claims.T1.test",
        "than without",
        "lower:",
        at="test: {measure",
    ),
    Broken(
        "variant of a comparison",
        "      margin: 0.01",
        "      variant: hot",
        "claims.C1.test",
        "variant with higher",
        "compared",
        at="test:\n      measure: {risk",
    ),
    Broken(
        "one group",
        "ranked: {men: bluff, fate: [spark, election]}",
        "ranked: {men: bluff}",
        "claims.C5.test",
        "one group",
        "two groups",
        at="test: {measure: {exits",
    ),
    Broken(
        "needs without above",
        "needs: M1, above: 1 years",
        "needs: M1",
        "claims.C6.test.all.0",
        "needs without above",
        "threshold",
        at="{measure: {dwell",
    ),
    Broken(
        "tests and more",
        "      all:\n",
        "      margin: 0.1\n      all:\n",
        "claims.C6.test",
        "margin beside all",
        "inside",
        at="test:\n      margin",
    ),
    Broken(
        "tests in tests",
        "        - {measure: {time: trouble}, falling: {variants: [as-written, silent]}}",
        "        - {any: [{measure: {time: trouble}, below: 1 years}]}",
        "claims.C6.test",
        "all or any inside",
        "single tests",
        at="test:\n      all",
    ),
    Broken(
        "state without start",
        "{start: spring, state: {crisis: mild}}",
        "{state: {crisis: mild}}",
        "claims.C2.test.higher",
        "state without start",
        "start",
        at="higher: {st",
    ),
    Broken(
        "series of nothing",
        "falling: {parameter: fog}",
        "falling: {}",
        "claims.C3.test.falling",
        "nothing that changes",
        "exactly one",
        at="falling",
    ),
    Broken(
        "levels of a parameter",
        "falling: {parameter: fog}",
        "falling: {parameter: fog, levels: [mild, acute]}",
        "claims.C3.test.falling",
        "levels without factor",
        "factor",
        at="falling",
    ),
    Broken(
        "one value",
        "falling: {parameter: fog}",
        "falling: {parameter: fog, values: [1]}",
        "claims.C3.test.falling",
        "one of values",
        "two",
        at="falling",
    ),
]
CLAIMS = [
    Broken(
        "unknown outcome of a measure",
        "{hazard: war,",
        f"{{hazard: {M}wars,",
        "claims.C4.test.measure.hazard",
        "no outcome",
        "war",
        "war",
    ),
    Broken(
        "unknown actor of a measure",
        "[capital, Borland]}",
        f"[capital, {M}Borlnd]}}",
        "claims.C2.test.measure.value.1",
        "'Borlnd'",
        "Borland",
        "Borland",
    ),
    Broken(
        "unknown step of a measure",
        "{frequency: bluff,",
        f"{{frequency: {M}bluf,",
        "claims.T1.test.measure.frequency",
        "'bluf'",
        "bluff",
        "bluff",
    ),
    Broken(
        "unknown regime of a measure",
        "{time: trouble}",
        f"{{time: {M}truble}}",
        "claims.C6.test.all.1.measure.time",
        "'truble'",
        "trouble",
        "trouble",
    ),
    Broken(
        "unknown by", "by: strike, av", f"by: {M}strke, av", "claims.C1.test.measure.by", "'strke'", "strike", "strike"
    ),
    Broken(
        "unknown through",
        "through: trouble}",
        f"through: {M}pece}}",
        "claims.C3.test.measure.through",
        "'pece'",
        "peace",
        "peace",
    ),
    Broken(
        "any and more", "{risk: any,", f"{{{M}risk: [any, war],", "claims.C1.test.measure.risk", "`any` beside", "alone"
    ),
    Broken(
        "twice the same actor",
        "[capital, Borland]}",
        "[capital, Doves]}",
        "claims.C2.test.measure.value",
        "Doves is meant twice",
        "once",
        at="value: [",
    ),
    Broken(
        "outcome any", "  war:\n    name", f"  {M}any: {{}}\n  war:\n    name", "outcomes.any", "`any`", "another name"
    ),
    Broken(
        "variant as-written",
        "  silent:",
        f"  {M}as-written: {{about: it, drop: boast}}\n  silent:",
        "variants.as-written",
        "`as-written`",
        "another name",
    ),
    Broken(
        "unknown variant of a test",
        "variant: silent}",
        f"variant: {M}silnt}}",
        "claims.C5.test.variant",
        "'silnt'",
        "silent",
        "silent",
    ),
    Broken(
        "unknown start of a test",
        "starts: spring",
        f"starts: {M}sprng",
        "claims.C1.test.starts",
        "'sprng'",
        "spring",
        "spring",
    ),
    Broken(
        "same start twice", "starts: spring", f"starts: [spring, {M}spring]", "claims.C1.test.starts.1", "twice", "once"
    ),
    Broken(
        "unknown side",
        "higher: as-written",
        f"higher: {M}as-writen",
        "claims.C1.test.higher",
        "'as-writen'",
        "as-written",
        "as-written",
    ),
    Broken(
        "unknown start of a side",
        "than_one_of: [{start: spring}",
        f"than_one_of: [{{start: {M}autumn}}",
        "claims.C2.test.than_one_of.0.start",
        "'autumn'",
        "spring",
    ),
    Broken(
        "unknown level of a side",
        "state: {crisis: mild}}",
        f"state: {{crisis: {M}mlid}}}}",
        "claims.C2.test.higher.state.crisis",
        "'mlid'",
        "mild",
        "mild",
    ),
    Broken(
        "impossible side",
        "higher: {start: spring, state: {crisis: mild}}",
        f"{M}higher: {{start: spring, state: {{crisis: acute, talks: yes}}}}",
        "claims.C2.test.higher",
        "impossible",
        "can occur",
    ),
    Broken(
        "pinned side",
        "higher: {start: spring, state: {crisis: mild}}\n      than_one_of: [{start: spring}",
        f"higher: {{variant: hot, start: spring, state: {{{M}crisis: mild}}}}\n      than_one_of: [{{start: spring}}",
        "claims.C2.test.higher.state.crisis",
        "which hot pins",
        "leaves free",
    ),
    Broken(
        "start on one side",
        "than_one_of: [{start: spring}",
        "than_one_of: [silent",
        "claims.C2.test",
        "one side only",
        "every side",
        at="test:\n      measure: {value",
    ),
    Broken(
        "starts and sides",
        "      higher: {start: spring, s",
        f"      {M}starts: [spring]\n      higher: {{start: spring, s",
        "claims.C2.test.starts",
        "beside sides",
        "one of the two",
    ),
    Broken(
        "same side",
        "      than: silent",
        f"      than: {M}as-written",
        "claims.C1.test.than",
        "with itself",
        "another",
    ),
    Broken(
        "unknown parameter of a series",
        "{parameter: fog}",
        f"{{parameter: {M}fogg}}",
        "claims.C3.test.falling.parameter",
        "'fogg'",
        "fog",
        "fog",
    ),
    Broken(
        "series without values",
        "falling: {parameter: fog}",
        f"{M}falling: {{parameter: pace}}",
        "claims.C3.test.falling",
        "no range",
        "values",
    ),
    Broken(
        "same value",
        "{parameter: fog}",
        f"{{parameter: fog, values: [1, {M}1]}}",
        "claims.C3.test.falling.values.1",
        "twice",
        "once",
    ),
    Broken(
        "unknown factor of a series",
        "{factor: year,",
        f"{{factor: {M}yaer,",
        "claims.C4.test.rising.factor",
        "'yaer'",
        "year",
        "year",
    ),
    Broken(
        "unknown level of a series",
        "levels: [2001, 2002]}}",
        f"levels: [2001, {M}2003]}}}}",
        "claims.C4.test.rising.levels.1",
        "2003",
        "2002",
        "2002",
    ),
    Broken(
        "same level of a series",
        "levels: [2001, 2002]}}",
        f"levels: [2001, {M}2001]}}}}",
        "claims.C4.test.rising.levels.1",
        "twice",
        "once",
    ),
    Broken(
        "levels without order",
        "rising: {factor: year, levels: [2001, 2002]}",
        f"{M}rising: {{factor: year}}",
        "claims.C4.test.rising",
        "no order",
        "levels:",
    ),
    Broken(
        "unknown variant of a series",
        "{variants: [as-written, silent]}",
        f"{{variants: [as-written, {M}silnt]}}",
        "claims.C6.test.all.1.falling.variants.1",
        "'silnt'",
        "silent",
        "silent",
    ),
    Broken(
        "same variant of a series",
        "{variants: [as-written, silent]}",
        f"{{variants: [silent, {M}silent]}}",
        "claims.C6.test.all.1.falling.variants.1",
        "twice",
        "once",
    ),
    Broken(
        "ranking of times",
        "{measure: {exits: peace}",
        f"{{{M}measure: {{time: peace}}",
        "claims.C5.test.measure",
        "a ranking of time",
        "exits",
    ),
    Broken(
        "unknown step of a group",
        "fate: [spark, election]",
        f"fate: [spark, {M}electon]",
        "claims.C5.test.ranked.fate.1",
        "'electon'",
        "election",
        "election",
    ),
    Broken(
        "step in two groups",
        "fate: [spark, election]",
        "fate: [spark, bluff]",
        "claims.C5.test.ranked",
        "bluff in two groups",
        "one group",
        at="ranked",
    ),
    Broken(
        "regime among steps",
        "men: bluff,",
        f"men: [{M}trouble, bluff],",
        "claims.C5.test.ranked.men.0",
        "the regime trouble among others",
        "one regime alone",
    ),
    Broken(
        "exits during an unknown regime",
        "{measure: {exits: peace}, ranked: {men: bluff, fate: [spark, election]}, variant: silent}",
        f"{{measure: {{exits: peace, during: {M}troubel}}, above: 0.5}}",
        "claims.C5.test.measure.during",
        "'troubel'",
        "trouble",
        "trouble",
    ),
    Broken(
        "exits by nothing",
        "{dwell: trouble}, needs: M1, above: 1 years",
        "{exits: trouble}, needs: M1, above: 0.5",
        "claims.C6.test.all.0.measure",
        "without `by`",
        "by:",
        at="measure: {exits: trouble",
    ),
    Broken("unknown need", "needs: M1,", f"needs: {M}M9,", "claims.C6.test.all.0.needs", "'M9'", "M1"),
    Broken(
        "need of nothing",
        "needs: M1,",
        f"needs: {M}R1,",
        "claims.C6.test.all.0.needs",
        "nothing implements R1",
        "implements: R1",
    ),
    Broken(
        "number for a time", "above: 1 years", f"above: {M}1", "claims.C6.test.all.0.above", "bare number 1", "3 years"
    ),
    Broken(
        "time for a number",
        "}, above: 1}",
        f"}}, above: {M}1 years}}",
        "claims.T1.test.above",
        "the time 1 years",
        "number of times",
    ),
    Broken("margin above 1", "margin: 0.01", f"margin: {M}5", "claims.C1.test.margin", "5", "between 0 and 1"),
    Broken(
        "nothing between",
        "}, above: 1}",
        f"}}, above: {M}1, below: 1}}",
        "claims.T1.test.above",
        "nothing lies",
        "smaller",
    ),
]
UNFAIR = [
    Broken(
        "different parameters",
        "      than: silent",
        "      than: no-bluff",
        "claims.C1.test",
        "differ in the parameter pace",
        "the same parameters",
        at="test:\n      measure: {risk",
    ),
    Broken(
        "variant and start",
        "than_one_of: [{start: spring},",
        "than_one_of: [{variant: silent, start: spring},",
        "claims.C2.test",
        "two things differ",
        "same variant",
        at="test:\n      measure: {value",
    ),
    Broken(
        "regime that contains its verdict",
        "{hazard: war, inside: trouble,",
        f"{{hazard: war, inside: {M}peace,",
        "claims.C4.test.measure.inside",
        "0 by definition",
        "does not mention crisis",
    ),
    Broken(
        "road that cannot be avoided",
        "by: strike, avoiding: peace",
        f"by: strike, avoiding: {M}trouble",
        "claims.C1.test.measure.avoiding",
        "every road to war passes trouble",
        "some road avoids",
    ),
    Broken(
        "dropped step",
        "{frequency: bluff, within: 10 years}, above: 1}",
        "{frequency: boast, within: 10 years}, above: 1, variant: silent}",
        "claims.T1.test",
        "boast cannot happen",
        "leave open",
        at="test: {measure: {freq",
    ),
    Broken(
        "excluded regime",
        "{frequency: bluff, within: 10 years}, above: 1}",
        "{occupancy: peace}, above: 0.5, variant: hot}",
        "claims.T1.test",
        "peace cannot occur",
        "leave open",
        at="test: {measure: {occ",
    ),
    Broken(
        "permanent regime",
        "{frequency: bluff, within: 10 years}, above: 1}",
        "{time: trouble}, above: 5 years, variant: hot}",
        "claims.T1.test",
        "always in trouble",
        "leave open",
        at="test: {measure: {time",
    ),
]


def test_the_specimen_with_claims_has_neither_errors_nor_warnings() -> None:
    scenario, warnings = read_string(ARGUED)
    assert warnings == ()
    assert loads(dump(scenario)) == scenario


@pytest.mark.parametrize("broken", SHAPE + CLAIMS, ids=lambda broken: broken.fault)
def test_a_broken_claim_is_refused_with_one_located_problem(broken: Broken) -> None:
    text, line, column = edited(broken.old, broken.new, broken.at, ARGUED)
    with pytest.raises(ScenarioError) as raised:
        loads(text, "specimen.yaml")
    errors = [problem for problem in raised.value.problems if problem.severity == "error"]
    assert len(errors) == 1, raised.value
    tell(errors[0], broken, line, column)


@pytest.mark.parametrize("broken", UNFAIR, ids=lambda broken: broken.fault)
def test_an_unfair_claim_is_read_with_a_located_warning(broken: Broken) -> None:
    text, line, column = edited(broken.old, broken.new, broken.at, ARGUED)
    _, warnings = read_string(text, "specimen.yaml")
    assert len(warnings) == 1, warnings
    assert warnings[0].severity == "warning"
    tell(warnings[0], broken, line, column)


def test_every_rule_about_claims_has_a_broken_example() -> None:
    shaped = []
    for broken in CLAIMS + UNFAIR:
        root, _ = parse(edited(broken.old, broken.new, broken.at, ARGUED)[0], "specimen.yaml")
        shaped.append(shape(root.plain())[0])
    for rule in (claims.measures, claims.tests, claims.needs, claims.bounds, fairness.fair):
        assert any(scenario is not None and any(rule(scenario)) for scenario in shaped), rule.__name__
