"""Random priors of every form, and parameters that have them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from equipoise.scenario.models import Parameter, Scenario
from equipoise.scenario.priors import LEVELS

UNITS = {"gamma": "1/year", "beta": "weight"}
positive = st.floats(1e-3, 1e3)


def nought_or(most: float) -> st.SearchStrategy[float]:
    return st.just(0.0) | st.floats(0.01, most)


@st.composite
def rising(draw: st.DrawFn, count: int) -> list[float]:
    """Numbers above 0 of which each is well above the one before."""
    begin, steps = draw(positive), draw(st.lists(st.floats(1.05, 4), min_size=count - 1, max_size=count - 1))
    numbers = [begin]
    for step in steps:
        numbers.append(numbers[-1] * step)
    return numbers


def interval(numbers: list[float], *keys: str) -> dict[str, float]:
    return dict(zip(keys, numbers, strict=True))


@st.composite
def quantiles(draw: st.DrawFn) -> dict[str, float]:
    between = draw(st.lists(st.sampled_from(list(LEVELS)[1:-1]), min_size=1, max_size=6, unique=True))
    names = ["least", *sorted(between, key=LEVELS.__getitem__), "greatest"]
    numbers = draw(rising(len(names)))
    return interval([0.0, *numbers[1:]] if draw(st.booleans()) else numbers, *names)


forms: dict[str, st.SearchStrategy[Any]] = {
    "uniform": rising(2).map(lambda x: interval(x, "low", "high")),
    "loguniform": rising(2).map(lambda x: interval(x, "low", "high")),
    "triangular": rising(3).map(lambda x: interval(x, "low", "mode", "high")),
    "normal": st.builds(lambda mean, sd: {"mean": mean, "sd": sd * max(mean, 1)}, nought_or(100), st.floats(0.1, 3)),
    "lognormal": st.one_of(
        rising(2).map(lambda x: interval(x, "median", "p90")), rising(2).map(lambda x: interval(x, "p5", "p75"))
    ),
    "gamma": st.builds(lambda n, t: {"events": n, "years": t}, st.integers(0, 60).map(float), st.floats(0.5, 100)),
    "beta": st.builds(
        lambda n, m: {"successes": n, "failures": m}, st.integers(0, 40).map(float), st.integers(0, 40).map(float)
    ),
    "discrete": st.lists(st.tuples(nought_or(50), positive), min_size=2, max_size=5, unique_by=lambda x: x[0]).map(
        lambda pairs: [{"value": value, "weight": weight} for value, weight in pairs]
    ),
    "quantiles": quantiles(),
}


@st.composite
def parameters(draw: st.DrawFn, *, cut: bool = True) -> Parameter:
    """A parameter with a range, a prior, or (if `cut`) a prior within a range; its own value is of no account here."""
    form = draw(st.sampled_from(["range", *forms]))
    if form == "range":
        low, high = draw(rising(2))
        return parameter(range=[0 if draw(st.booleans()) else low, high])
    given = parameter(prior={form: draw(forms[form])}, unit=UNITS.get(form, "util"))
    if not cut or form == "discrete" or draw(st.booleans()):
        return given
    from equipoise.draws import distribution

    inner = distribution("x", given)
    u, v = sorted(draw(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=2)))
    ends = inner.quantile([u, min(v + 0.005, 0.995)])
    return given.model_copy(update={"range": (float(ends[0]), float(ends[1]))})


def parameter(**fields: Any) -> Parameter:
    return Parameter.model_validate({"value": 1, "unit": "util", "source": "analyst's judgement"} | fields)


def scenario(known: dict[str, Parameter], **more: Any) -> Scenario:
    """A scenario with these parameters and nothing that uses them, for drawing only."""
    actor = {"discount": 1, "tempo": 1, "noise": 1}
    written = {
        "title": "t",
        "actors": {"A": actor},
        "factors": {"f": {"levels": ["x"]}},
        "initial": {"i": {"state": {}}},
    }
    written["parameters"] = {name: one.model_dump(exclude_none=True) for name, one in known.items()}
    return Scenario.model_validate(written | more)
