"""One broken example for every rule about priors, orderings and correlations."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from specimen import KNOWN, MARK, edited
from test_broken import Broken, tell

from equipoise.errors import ScenarioError
from equipoise.scenario import check, dump, load, loads, read_string
from equipoise.scenario.nodes import parse
from equipoise.scenario.rules import numbers, priors, together
from equipoise.scenario.shape import shape
from equipoise.scenario.variants import with_parameters

M = MARK
P5P95, DISCRETE = "{p5: 2, p95: 8}", "[{value: 0.5, weight: 1}, {value: 1, weight: 3}]"
TRIANGLE, NORMAL = "{triangular: {low: 1, mode: 1.5, high: 2}}", "{normal: {mean: 30, sd: 10}}"
TOLD = "{least: 0.1, p25: 0.3, median: 0.6, greatest: 2}"
RISING, HASTE = "rising: [tau, face, ruin]", "rising: [fog, hurry]"
QUICK, FAR, SPARK = "between: [spark, pace]", "between: [pace, rho]", "between: [spark, rho], rank: 0.2"
LUCK_AND_REST = """\
  luck: {value: 0.3, prior: {beta: {successes: 3, failures: 7}}, unit: weight, about: how often it works, source: book}
  rest: {value: 1e0, range: [0.5, 2], unit: weight, source: book}
"""
SHAPE = [
    Broken(
        "one quantile",
        P5P95,
        "{p5: 2}",
        "parameters.pace.prior.lognormal",
        "p5",
        "exactly two of p5, p10",
        at="lognormal: {p5: 2}",
    ),
    Broken(
        "three quantiles",
        P5P95,
        "{p5: 2, median: 4, p95: 8}",
        "parameters.pace.prior.lognormal",
        "p5 and median and p95",
        "exactly two of",
        at="lognormal: {p5: 2",
    ),
    Broken(
        "unknown quantile",
        P5P95,
        f"{{p5: 2, {M}p96: 8}}",
        "parameters.pace.prior.lognormal.p96",
        "'p96'",
        "p5, p10, p25, median",
        "p95",
    ),
    Broken(
        "lognormal by mean",
        P5P95,
        f"{{{M}mean: 2, median: 3, p95: 8}}",
        "parameters.pace.prior.lognormal.mean",
        "'mean'",
        "p5, p10, p25, median",
        "median",
    ),
    Broken(
        "mode",
        "mode: 1.5, high",
        f"{M}mod: 1.5, high",
        "parameters.fog.prior.triangular.mod",
        "'mod'",
        "low, mode",
        "mode",
    ),
    Broken(
        "triangle without mode",
        "mode: 1.5, high",
        "high",
        "parameters.fog.prior.triangular",
        "no `mode`",
        "likeliest",
        at="triangular",
    ),
    Broken("no spread", "sd: 10", f"sd: {M}0", "parameters.ruin.prior.normal.sd", "number 0", "above 0"),
    Broken("negative mean", "mean: 30", f"mean: {M}-3", "parameters.ruin.prior.normal.mean", "number -3", "at least 0"),
    Broken(
        "one possibility",
        DISCRETE,
        "[{value: 1, weight: 3}]",
        "parameters.face.prior.discrete",
        "a list of one",
        "at least 2",
        at="discrete",
    ),
    Broken(
        "discrete as mapping",
        DISCRETE,
        "{0.5: 1, 1: 3}",
        "parameters.face.prior.discrete",
        "a mapping",
        "weight",
        at="discrete",
    ),
    Broken(
        "weight 0",
        "weight: 1}, {value: 1,",
        f"weight: {M}0}}, {{value: 1,",
        "parameters.face.prior.discrete.0.weight",
        "number 0",
        "above 0",
    ),
    Broken(
        "weight missing",
        "{value: 0.5, weight: 1}",
        f"{M}{{value: 0.5}}",
        "parameters.face.prior.discrete.0",
        "no `weight`",
        "how likely",
    ),
    Broken(
        "ends only",
        TOLD,
        "{least: 0.1, greatest: 2}",
        "parameters.pride.prior.quantiles",
        "no quantile between",
        "median",
        at="quantiles",
    ),
    Broken(
        "no end",
        TOLD,
        "{least: 0.1, median: 0.6}",
        "parameters.pride.prior.quantiles",
        "no `greatest`",
        "nothing lies above",
        at="quantiles",
    ),
    Broken("order of one", RISING, f"{M}rising: [tau]", "orderings.0.rising", "a list of one", "at least 2"),
    Broken("order as text", RISING, f"rising: {M}tau < face", "orderings.0.rising", "'tau < face'", "[low, high]"),
    Broken(
        "order without source",
        f"{RISING}, source: paper",
        RISING,
        "orderings.0",
        "no `source`",
        "sources",
        at="{rising: [tau",
    ),
    Broken(
        "order falling",
        RISING,
        f"{M}risng: [tau, face, ruin]",
        "orderings.0.risng",
        "'risng'",
        "id, about, rising",
        "rising",
    ),
    Broken(
        "correlation of three",
        QUICK,
        f"{M}between: [spark, pace, rho]",
        "correlations.quick.between",
        "3 entries",
        "at most 2",
    ),
    Broken(
        "correlation of one", QUICK, f"{M}between: [spark]", "correlations.quick.between", "too few", "[one, other]"
    ),
    Broken("correlation of 1", "rank: 0.5", f"rank: {M}1", "correlations.quick.rank", "number 1", "below 1"),
    Broken(
        "correlation beyond -1", "rank: 0.5", f"rank: {M}-1.5", "correlations.quick.rank", "number -1.5", "above -1"
    ),
    Broken("correlation as text", "rank: 0.5", f"rank: {M}strong", "correlations.quick.rank", "'strong'", "a number"),
]
PRIORS = [
    Broken(
        "p95 below p5",
        P5P95,
        f"{{p5: 2, p95: {M}1}}",
        "parameters.pace.prior.lognormal.p95",
        "p95 of 1 with a p5 of 2",
        "above the p5",
    ),
    Broken(
        "no end in sight",
        P5P95,
        "{p5: 1e-9, p95: 1e9}",
        "parameters.pace.prior.lognormal",
        "reaches down to 1e-33",
        "a range that cuts it off",
        at="lognormal: {p5: 1e-9",
    ),
    Broken(
        "quantiles fall",
        "p25: 0.3, median: 0.6",
        f"p25: 0.3, median: {M}0.2",
        "parameters.pride.prior.quantiles.median",
        "median of 0.2 with a p25 of 0.3",
        "above the p25",
    ),
    Broken(
        "greatest too low",
        "greatest: 2",
        f"greatest: {M}0.5",
        "parameters.pride.prior.quantiles.greatest",
        "greatest of 0.5",
        "above the median",
    ),
    Broken(
        "triangle backwards",
        "low: 1, mode: 1.5, high: 2",
        "low: 2, mode: 1.5, high: 1",
        "parameters.fog.prior.triangular",
        "from 2 to 1",
        "below",
        at="triangular",
    ),
    Broken(
        "mode outside",
        "mode: 1.5, high",
        f"mode: {M}3, high",
        "parameters.fog.prior.triangular.mode",
        "mode of 3",
        "between the ends",
    ),
    Broken(
        "value outside triangle",
        "fog: {value: 1.5",
        f"fog: {{value: {M}0.5",
        "parameters.fog.value",
        "outside its prior from 1 to 2",
        "prior allows",
    ),
    Broken(
        "value not told",
        "pride: {value: 0.5",
        f"pride: {{value: {M}5",
        "parameters.pride.value",
        "outside its prior from 0.1 to 2",
        "prior allows",
    ),
    Broken(
        "value impossible",
        "face: {value: 1,",
        f"face: {{value: {M}0.8,",
        "parameters.face.value",
        "not among",
        "one of 0.5, 1",
    ),
    Broken(
        "possibility twice",
        DISCRETE,
        f"[{{value: 1, weight: 1}}, {{value: {M}1, weight: 3}}]",
        "parameters.face.prior.discrete.1.value",
        "1 twice",
        "once",
    ),
    Broken(
        "possibility out of range",
        "face: {value: 1, prior: {discrete: [{value: 0.5",
        f"face: {{value: 1, range: [0.7, 2], prior: {{discrete: [{{value: {M}0.5",
        "parameters.face.prior.discrete.0.value",
        "outside the range from 0.7 to 2",
        "within",
    ),
    Broken(
        "prior outside its range",
        f"range: [10, 60], prior: {NORMAL}",
        f"range: [10, 60], prior: {{{M}uniform: {{low: 80, high: 90}}}}",
        "parameters.ruin.prior.uniform",
        "nothing lies in the range from 10 to 60",
        "overlap",
    ),
    Broken(
        "triangle for the noise down to 0",
        "{loguniform: {low: 0.1, high: 2}}",
        "{triangular: {low: 0, mode: 1, high: 2}}",
        "parameters.tau.prior",
        "may be 0",
        "starts above 0",
        at="prior: {triangular: {low: 0",
    ),
    Broken(
        "normal discount",
        "range: [0.05, 0.2]",
        "prior: {normal: {mean: 0.1, sd: 0.05}}",
        "parameters.rho.prior",
        "may be 0",
        "cuts the prior off",
        at="prior: {normal: {mean: 0.1",
    ),
    Broken(
        "weights that may all be 0",
        LUCK_AND_REST,
        LUCK_AND_REST.replace(
            "{beta: {successes: 3, failures: 7}}", "{discrete: [{value: 0.3, weight: 9}, {value: 0, weight: 1}]}"
        ).replace("range: [0.5, 2]", "prior: {discrete: [{value: 1, weight: 9}, {value: 0, weight: 1}]}"),
        "moves.strike.then",
        "may all be 0 at once",
        "cannot be 0",
        at="then:\n      - about: it works",
    ),
    Broken(
        "immense possibility",
        "{value: 0.5, weight: 1}",
        f"{{value: 0.5, weight: {M}1e200}}",
        "parameters.face.prior.discrete.0.weight",
        "1e+200",
        "between",
    ),
]
TOGETHER = [
    Broken(
        "order of nobody", RISING, f"rising: [tau, {M}fce, ruin]", "orderings.0.rising.1", "'fce'", "one of rho", "face"
    ),
    Broken("order with itself", RISING, f"rising: [tau, face, {M}tau]", "orderings.0.rising.2", "'tau' twice", "once"),
    Broken(
        "order of different things",
        RISING,
        f"{M}rising: [tau, fog]",
        "orderings.0.rising",
        "cannot be compared",
        "one unit",
    ),
    Broken(
        "circle",
        "  - {id: haste,",
        "  - {rising: [hurry, fog], source: book}\n  - {id: haste,",
        "orderings.haste.rising",
        "a circle: ",
        "one way only",
        at=HASTE,
    ),
    Broken("no room", RISING, f"{M}rising: [tau, ruin, face]", "orderings.0.rising", "no room for face", "can be kept"),
    Broken(
        "value out of order",
        "hurry: {value: 2",
        "hurry: {value: 1.2",
        "orderings.haste.rising",
        "fog is 1.5 and hurry is 1.2",
        "in that order",
        at="rising: [fog",
    ),
    Broken(
        "order of no source",
        f"{RISING}, source: paper",
        f"{RISING}, source: {M}papr",
        "orderings.0.source",
        "'papr'",
        "book",
        "paper",
    ),
    Broken(
        "correlation of nobody",
        QUICK,
        f"between: [spark, {M}pce]",
        "correlations.quick.between.1",
        "'pce'",
        "one of rho",
        "pace",
    ),
    Broken(
        "correlation with itself", QUICK, f"between: [spark, {M}spark]", "correlations.quick.between.1", "twice", "once"
    ),
    Broken("pair twice", QUICK, "between: [rho, pace]", "correlations.1.between", "second time", "every pair", at=FAR),
    Broken(
        "contradiction",
        SPARK,
        f"between: [spark, rho], rank: {M}0.95",
        "correlations.2.rank",
        "cannot all hold",
        "positive definite",
    ),
]


def test_the_specimen_with_all_that_is_known_has_neither_errors_nor_warnings() -> None:
    scenario, warnings = read_string(KNOWN)
    assert warnings == ()
    assert loads(dump(scenario)) == scenario
    forms = {one.prior.form for one in scenario.parameters.values() if one.prior}
    assert len(forms) == 9


@pytest.mark.parametrize("broken", SHAPE + PRIORS + TOGETHER, ids=lambda broken: broken.fault)
def test_a_broken_prior_is_refused_with_one_located_problem(broken: Broken) -> None:
    text, line, column = edited(broken.old, broken.new, broken.at, KNOWN)
    with pytest.raises(ScenarioError) as raised:
        loads(text, "specimen.yaml")
    errors = [problem for problem in raised.value.problems if problem.severity == "error"]
    assert len(errors) == 1, raised.value
    tell(errors[0], broken, line, column)


def test_every_rule_about_priors_has_a_broken_example() -> None:
    shaped = []
    for broken in PRIORS + TOGETHER:
        root, _ = parse(edited(broken.old, broken.new, broken.at, KNOWN)[0], "specimen.yaml")
        shaped.append(shape(root.plain())[0])
    rules = (priors.priors, numbers.positive, numbers.weights, together.orderings, together.correlations, together.kept)
    for rule in rules:
        assert any(scenario is not None and any(rule(scenario)) for scenario in shaped), rule.__name__


def test_what_does_not_vary_is_correlated_with_nothing() -> None:
    text = KNOWN.replace("between: [spark, pace]", "between: [spark, rest]").replace("range: [0.5, 2], ", "")
    with pytest.raises(ScenarioError) as raised:
        loads(text)
    (problem,) = raised.value.problems
    assert (problem.path, problem.found) == (
        ("correlations", "quick", "between", 1),
        "rest, of which only one value is admissible",
    )


def test_an_id_twice_is_an_error() -> None:
    with pytest.raises(ScenarioError, match="A second entry of orderings called 'haste'"):
        loads(KNOWN.replace("{rising: [tau", "{id: haste, rising: [tau"))


def test_an_edit_for_one_run_may_break_an_ordering() -> None:
    assert check(with_parameters(loads(KNOWN), {"hurry": 1.2}), edited=True) == []


def test_an_extending_file_may_change_and_remove_what_is_known_together(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(KNOWN)
    (tmp_path / "mine.yaml").write_text(
        "extend: base.yaml\nremove: {orderings: haste}\ncorrelations: [{id: quick, rank: 0.1}]\n"
    )
    scenario = load(tmp_path / "mine.yaml")
    assert [one.id for one in scenario.orderings] == [None]
    assert [one.rank for one in scenario.correlations] == [0.1, -0.3, 0.2]


@pytest.mark.parametrize("backwards", [False, True])
def test_thousands_of_orderings_and_correlations_are_read_in_a_moment(backwards: bool) -> None:
    n = 4000
    steps = [(i, i + 1) for i in range(n - 1)]
    steps = steps[::-1] if backwards else steps
    many = "".join(f"  p{i}: {{value: 1, range: [1, 2], unit: util, source: book}}\n" for i in range(n))
    rising = "".join(f"  - {{rising: [p{i}, p{j}], source: book}}\n" for i, j in steps)
    between = "".join(f"  - {{between: [p{i}, p{j}], rank: 0.01, source: book}}\n" for i, j in steps)
    text = KNOWN.replace("parameters:\n", "parameters:\n" + many)
    text = text.replace("orderings:\n", "orderings:\n" + rising).replace("correlations:\n", "correlations:\n" + between)
    begin = time.process_time()
    with pytest.raises(ScenarioError, match="4000 parameters that are all correlated"):
        loads(text)
    assert time.process_time() - begin < 20
