"""A small scenario that uses every part of the language, and a way to break it in one place."""

from __future__ import annotations

GOOD = """\
equipoise: 1
title: A specimen
about: >
  Nobody is meant by it; every part of the language
  stands in it once.
horizon: 12 years
argument:
  M1: Bluff is cheap.
  M2: Hawks like it.
  R1: Therefore bluff is common.
sources:
  book: {cite: "A. Author, A Book, 2001", url: "https://example.org/book", note: table 3}
  paper: {cite: "B. Author, A Paper, 2002"}
actors:
  Doves: {name: Doves of Arland, cow: 2, discount: rho, tempo: pace, noise: tau}
  Hawks: {discount: rho, tempo: {rate: pace, times: [{when: {crisis: acute}, by: hurry}]}, noise: tau}
  Borland:
    about: the other side
    discount: rho
    tempo: pace
    noise:
      scale: tau
      times:
        - when: {crisis: acute}
          by: fog
    preferences:
      - {avoids: war, about: it would lose}
      - {when: {talks: yes}}
      - {ends: war}
seats:
  capital:
    name: The capital of Arland
    factor: office
    sitters: {dove: Doves, hawk: Hawks}
factors:
  office:
    levels: [dove, hawk]
  crisis:
    about: how bad it is
    levels: [none, mild, acute]
    ordered: true
    meaning: {none: nothing happens, acute: shots are fired}
  talks:
    levels: [no, yes]
    of: Borland
  year:
    levels: [2001, 2002]
impossible:
  - {talks: yes, crisis: acute}
outcomes:
  war:
    name: War
    about: everybody loses
    value:
      - {actor: [Doves, Hawks], cost: ruin}
      - id: loss
        about: worse if it was long in coming
        actor: Borland
        when: {crisis: [mild, acute]}
        cost: ruin
        times:
          - {when: {talks: no}, by: hurry, implements: M1, about: no way back}
parameters:
  rho: {value: 0.1, range: [0.05, 0.2], unit: 1/year, source: analyst's judgement}
  pace: {value: 4, prior: {lognormal: {median: 4, p90: 8}}, unit: 1/year, source: book}
  tau: {value: 0.5, prior: {loguniform: {low: 0.1, high: 2}}, unit: util, source: "book, paper"}
  hurry: {value: 2, prior: {uniform: {low: 1, high: 5}}, unit: ratio, source: analyst's judgement}
  fog: {value: 1.5, range: [1, 2], unit: ratio, source: analyst's judgement}
  ruin: {value: 30, range: [10, 60], unit: util, source: paper}
  face: {value: 1, range: [0, 2], unit: util, source: paper}
  pride: {value: 0.5, range: [0, 2], unit: util/year, source: paper}
  spark: {value: 0.2, prior: {gamma: {events: 3, years: 17}}, unit: 1/year, source: book}
  luck: {value: 0.3, prior: {beta: {successes: 3, failures: 7}}, unit: weight, about: how often it works, source: book}
  rest: {value: 1e0, range: [0.5, 2], unit: weight, source: book}
moves:
  - id: bluff
    about: bluffs
    actor: capital
    when: {crisis: [none, mild], talks: no}
    cost: face
    times:
      - {when: [{office: hawk}, {year: 2002}], by: hurry}
    set: {crisis: up}
    family: threats
    implements: [M1]
  - id: strike
    actor: Borland
    when: {crisis: acute}
    cost: face
    then:
      - about: it works
        weight: luck
        set: {crisis: none}
        impact:
          - {actor: capital, cost: face}
      - {weight: rest, times: [{when: {office: hawk}, by: hurry}], end: war}
  - id: talk
    actor: Borland
    when: {crisis: [none, mild]}
    set: {talks: yes, year: 2002}
  - id: boast
    actor: Hawks
    impact:
      - {actor: everyone, cost: face}
    repeatable: true
events:
  - id: spark
    when: {crisis: none, talks: no}
    rate: spark
    times:
      - {when: {office: hawk}, by: hurry}
    set: {crisis: up}
  - id: cool
    when: {crisis: [mild, acute]}
    rate: pace
    set: {crisis: down}
  - id: election
    rate: spark
    then:
      - {weight: luck, set: {office: hawk}}
      - {weight: 1, set: {office: dove}}
payoffs:
  - id: fear
    actor: Borland
    when: {crisis: [mild, acute]}
    cost: pride
  - {actor: capital, gain: pride, when: {crisis: none}, implements: M2}
regimes:
  peace: {about: nothing happens, when: {crisis: none}}
initial:
  spring:
    about: before it began
    state: {office: dove, crisis: none, talks: no, year: 2001}
    because:
      office: {says: "1 May 2001: the doves win", source: book}
variants:
  no-bluff: {about: what if bluff were impossible, drop: bluff, pin: {talks: no}, set: {pace: 6}, without: [M2]}
claims:
  - {id: T1, says: Bluff is common, judges: R1, test: {measure: {frequency: bluff, within: 10 years}, above: 1}}
"""
_PEACE = "  peace: {about: nothing happens, when: {crisis: none}}\n"
_NO_BLUFF = "set: {pace: 6}, without: [M2]}\n"
ARGUED = (
    GOOD.replace(_PEACE, _PEACE + "  trouble: {when: {crisis: [mild, acute]}}\n").replace(
        _NO_BLUFF,
        _NO_BLUFF + "  silent: {about: what if nobody boasted, drop: boast}\n"
        "  hot: {about: what if it were always acute, pin: {crisis: acute}}\n",
    )
    + """\
  - id: C1
    says: Boasting brings war
    test:
      measure: {risk: any, within: 5 years, by: strike, avoiding: peace}
      starts: spring
      higher: as-written
      than: silent
      margin: 0.01
  - id: C2
    says: Somebody gains from trouble
    test:
      measure: {value: [capital, Borland]}
      higher: {start: spring, state: {crisis: mild}}
      than_one_of: [{start: spring}, {start: spring, state: {crisis: acute}}]
  - {id: C3, says: Sparks lead there, test: {measure: {road: peace, through: trouble}, falling: {parameter: fog}}}
  - id: C4
    says: The years wear on
    test: {measure: {hazard: war, inside: trouble, at: 2 years}, rising: {factor: year, levels: [2001, 2002]}}
  - id: C5
    says: Men and fate end it
    test: {measure: {exits: peace}, ranked: {men: bluff, fate: [spark, election]}, variant: silent}
  - id: C6
    says: It needs bluff, and silence is shorter
    test:
      all:
        - {measure: {dwell: trouble}, needs: M1, above: 1 years}
        - {measure: {time: trouble}, falling: {variants: [as-written, silent]}}
"""
)
"""The same with a claim of every kind."""
KNOWN = (
    GOOD.replace("{lognormal: {median: 4, p90: 8}}", "{lognormal: {p5: 2, p95: 8}}")
    .replace("fog: {value: 1.5, range: [1, 2]", "fog: {value: 1.5, prior: {triangular: {low: 1, mode: 1.5, high: 2}}")
    .replace("range: [10, 60]", "range: [10, 60], prior: {normal: {mean: 30, sd: 10}}")
    .replace(
        "face: {value: 1, range: [0, 2]",
        "face: {value: 1, prior: {discrete: [{value: 0.5, weight: 1}, {value: 1, weight: 3}]}",
    )
    .replace(
        "pride: {value: 0.5, range: [0, 2]",
        "pride: {value: 0.5, prior: {quantiles: {least: 0.1, p25: 0.3, median: 0.6, greatest: 2}}",
    )
    .replace(
        "moves:\n",
        """\
orderings:
  - {rising: [tau, face, ruin], source: paper}
  - {id: haste, about: a crisis hurries more than it confuses, rising: [fog, hurry], source: book}
correlations:
  - {id: quick, between: [spark, pace], rank: 0.5, source: book}
  - {about: who is quick looks less far, between: [pace, rho], rank: -0.3, source: analyst's judgement}
  - {between: [spark, rho], rank: 0.2, source: book}
moves:
""",
        1,
    )
)
"""The same with a prior of every form, orderings and correlations."""
MARK = "\N{BROKEN BAR}"
"""Stands in an edit where the problem is expected."""


def edited(old: str, new: str, at: str | None = None, specimen: str = GOOD) -> tuple[str, int, int]:
    """The specimen with one edit, and line and column of the mark in it, or of the text ``at``."""
    assert specimen.count(old) == 1, f"{old!r} stands {specimen.count(old)} times in the specimen"
    text = specimen.replace(old, new)
    before, found, _ = text.partition(at or MARK)
    assert found, f"{at or MARK!r} does not stand in the edited specimen"
    return text.replace(MARK, ""), before.count("\n") + 1, len(before) - before.rfind("\n")
