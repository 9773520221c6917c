"""One broken example for every rule: where the problem is, what was found, what would be right."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from specimen import GOOD, MARK, edited

from equipoise.errors import Problem, ScenarioError
from equipoise.scenario import checks, loads, read_string
from equipoise.scenario.nodes import parse
from equipoise.scenario.shape import shape


class Broken(NamedTuple):
    """An edit of the specimen (`MARK` where the problem is expected) and the one problem it must give."""

    fault: str
    old: str
    new: str
    path: str
    found: str
    right: str
    meant: str | None = None
    at: str | None = None
    """Text at whose start the problem is expected, if not at the mark."""


M = MARK
SYNTAX = [
    Broken("tab", "  rho: {value", "\trho: {value", "", "not YAML", "spaces", at="\trho:"),
    Broken("colon in text", "  M1: Bluff is cheap.", f"  M1: Bluff{M}: cheap.", "", "not YAML", "quotes"),
    Broken("open quote", "says: Bluff is common,", f"says: {M}'Bluff is common,", "", "not YAML", "quote"),
    Broken("uneven indent", "  face: {value", f" {M}face: {{value", "", "not YAML", "same column"),
    Broken("alias", "by: hurry}], end: war", f"by: {M}*hurry}}], end: war", "", "an alias *hurry", "written out"),
    Broken("anchor", "  book: {cite", f"  book: {M}&book {{cite", "", "an anchor &book", "extend"),
    Broken(
        "merge key", "  luck: {value", f"  luck: {{{M}<<: 1, value", "parameters.luck.<<", "key '<<'", "one of value"
    ),
    Broken("tag", "title: A specimen", f"title: {M}!!str A specimen", "", "a tag", "no tag"),
    Broken("code", "title: A specimen", f"title: {M}!!python/object/apply:os.system [ls]", "", "a tag", "no tag"),
    Broken(
        "same key twice", "regimes:", f"{M}title: Again\nregimes:", "", "'title' for the second time", "every key once"
    ),
    Broken("two documents", "regimes:", f"{M}---\nregimes:", "", "second document", "one scenario"),
    Broken("list as key", "regimes:", f"? {M}[a, b]\n: c\nregimes:", "", "key that is itself", "a name"),
    Broken("writing from right to left", "A specimen", f"A {M}\u202e", "", "U+202E", "plain text"),
    Broken("control character", "A specimen", f"A {M}\x07", "", "U+0007", "plain text"),
]
SHAPE = [
    Broken("version", "equipoise: 1", f"equipoise: {M}2", "equipoise", "number 2", "1"),
    Broken(
        "unknown section",
        "regimes:\n  peace: {",
        f"{M}regime: {{}}\nregimes:\n  peace: {{",
        "regime",
        "'regime'",
        "regimes",
        "regimes",
    ),
    Broken(
        "unknown key",
        "    of: Borland",
        f"    {M}colour: red",
        "factors.talks.colour",
        "unknown key 'colour'",
        "levels, ordered",
    ),
    Broken(
        "misspelt key",
        "    cost: face\n    times",
        f"    {M}costs: face\n    times",
        "moves.bluff.costs",
        "'costs'",
        "cost",
        "cost",
    ),
    Broken(
        "inner field", "    family: threats", f"    {M}dropped: true", "moves.bluff.dropped", "'dropped'", "one of id"
    ),
    Broken(
        "missing key",
        "Doves: {name: Doves of Arland, cow: 2, discount: rho,",
        f"{M}Doves: {{name: Doves of Arland, cow: 2,",
        "actors.Doves",
        "no `discount`",
        "discount rate",
    ),
    Broken(
        "missing section",
        "initial:\n",
        f"{M}initiative:\n",
        "initiative",
        "unknown key 'initiative'",
        "initial",
        "initial",
    ),
    Broken("nothing", "levels: [dove, hawk]", f"levels:{M}", "factors.office.levels", "nothing", "a list"),
    Broken(
        "empty list", "levels: [dove, hawk]", f"{M}levels: []", "factors.office.levels", "an empty list", "at least 1"
    ),
    Broken(
        "mapping for list",
        "    levels: [no, yes]",
        f"    {M}levels: {{no: yes}}",
        "factors.talks.levels",
        "a mapping",
        "a list",
    ),
    Broken(
        "list for mapping",
        "regimes:\n  peace: {about: nothing happens, when: {crisis: none}}",
        f"{M}regimes: [peace]",
        "regimes",
        "a list",
        "a mapping",
    ),
    Broken(
        "text for number",
        "fog: {value: 1.5",
        f"fog: {{value: {M}much",
        "parameters.fog.value",
        "text 'much'",
        "a number",
    ),
    Broken(
        "quoted number",
        "fog: {value: 1.5",
        f'fog: {{value: {M}"1.5"',
        "parameters.fog.value",
        "text '1.5'",
        "without quotes",
    ),
    Broken(
        "truth for number", "fog: {value: 1.5", f"fog: {{value: {M}true", "parameters.fog.value", "true", "a number"
    ),
    Broken(
        "number for text",
        "about: what if bluff were impossible",
        f"about: {M}2018",
        "variants.no-bluff.about",
        "number 2018",
        "quotes",
    ),
    Broken(
        "yes for truth", "ordered: true", f"ordered: {M}yes", "factors.crisis.ordered", "text 'yes'", "true or false"
    ),
    Broken(
        "negative", "fog: {value: 1.5", f"fog: {{value: {M}-1.5", "parameters.fog.value", "number -1.5", "at least 0"
    ),
    Broken("NaN", "fog: {value: 1.5", f"fog: {{value: {M}.nan", "parameters.fog.value", "number nan", "finite"),
    Broken("infinite", "fog: {value: 1.5", f"fog: {{value: {M}.inf", "parameters.fog.value", "number inf", "finite"),
    Broken("overflow", "fog: {value: 1.5", f"fog: {{value: {M}1e999", "parameters.fog.value", "number inf", "finite"),
    Broken(
        "endless number",
        "fog: {value: 1.5",
        f"fog: {{value: {M}{'9' * 5000}",
        "parameters.fog.value",
        "text '999",
        "a number",
    ),
    Broken(
        "short range",
        "range: [1, 2]",
        f"{M}range: [1]",
        "parameters.fog.range",
        "too few",
        "[least, greatest]",
    ),
    Broken("long range", "range: [1, 2]", f"{M}range: [1, 2, 3]", "parameters.fog.range", "3 entries", "at most 2"),
    Broken(
        "unit",
        "fog: {value: 1.5, range: [1, 2], unit: ratio",
        f"fog: {{value: 1.5, range: [1, 2], unit: {M}ration",
        "parameters.fog.unit",
        "'ration'",
        "util/year",
        "ratio",
    ),
    Broken(
        "bare number",
        "    rate: pace\n    set: {crisis: down}",
        f"    rate: {M}4.5\n    set: {{crisis: down}}",
        "events.cool.rate",
        "number 4.5",
        "name of a parameter",
    ),
    Broken(
        "name with space",
        "  - id: cool",
        f"  - id: {M}cool down",
        "events.cool down.id",
        "'cool down'",
        "a name",
        "cool-down",
    ),
    Broken(
        "key with space",
        "  peace: {about",
        f"  {M}world peace: {{about",
        "regimes.world peace",
        "'world peace'",
        "a name",
        "world-peace",
    ),
    Broken(
        "level with space",
        "  office:\n    levels: [dove, hawk]",
        f"  office:\n    levels: [dove, {M}war hawk]",
        "factors.office.levels.1",
        "'war hawk'",
        "letter or digit",
        "war-hawk",
    ),
    Broken(
        "truth as level", "levels: [no, yes]", f"levels: [{M}false, yes]", "factors.talks.levels.0", "false", "quotes"
    ),
    Broken(
        "truth for a parameter",
        "    cost: face\n    then",
        f"    cost: {M}true\n    then",
        "moves.strike.cost",
        "true",
        "the name of a parameter",
    ),
    Broken("list for text", "title: A specimen", f"{M}title: [A, specimen]", "title", "a list", "a single text"),
    Broken(
        "numbers of a variant as text",
        "set: {pace: 6}",
        f"set: {M}pace=6",
        "variants.no-bluff.set",
        "'pace=6'",
        "`{parameter: 0.5}`",
    ),
    Broken("percentage", "rate: pace\n    set", f"rate: {M}30%\n    set", "events.cool.rate", "'30%'", "0.3 for 30%"),
    Broken(
        "sign",
        "  - {actor: capital, gain: pride,",
        f"  - {{actor: capital, gain: {M}-pride,",
        "payoffs.1.gain",
        "-pride",
        "instead of signs",
    ),
    Broken(
        "sum",
        "    cost: face\n    then",
        f"    cost: {M}2 * face\n    then",
        "moves.strike.cost",
        "2 * face",
        "`times`",
    ),
    Broken(
        "decimal comma",
        "fog: {value: 1.5",
        f"fog: {{value: 1,{M}5",
        "parameters.fog.5",
        "unknown key '5'",
        "decimal point",
    ),
    Broken(
        "condition as text",
        "    when: {crisis: acute}\n    cost: face",
        f"    when: {M}crisis is acute\n    cost: face",
        "moves.strike.when",
        "'crisis is acute'",
        "`{factor: level}`",
    ),
    Broken(
        "negation",
        "    when: {crisis: acute}\n    cost: face",
        f"    when: {{crisis: {M}not mild}}\n    cost: face",
        "moves.strike.when.crisis",
        "'not mild'",
        "list of all levels",
        "not-mild",
    ),
    Broken(
        "change as text",
        "    rate: pace\n    set: {crisis: down}",
        f"    rate: pace\n    set: {M}none",
        "events.cool.set",
        "'none'",
        "`{factor: level}`",
    ),
    Broken(
        "several levels to go to",
        "    rate: pace\n    set: {crisis: down}",
        f"    rate: pace\n    set: {{{M}crisis: [none, mild]}}",
        "events.cool.set.crisis",
        "a list",
        "branches with weights",
    ),
    Broken(
        "range in words", "range: [1, 2]", f"range: {M}1 to 2", "parameters.fog.range", "'1 to 2'", "[least, greatest]"
    ),
    Broken(
        "two movers",
        "    actor: Borland\n    when: {crisis: acute}\n    cost: face",
        f"    {M}actor: [Borland, Hawks]\n    when: {{crisis: acute}}\n    cost: face",
        "moves.strike.actor",
        "a list",
        "written twice",
    ),
    Broken(
        "rate of a move",
        "    family: threats",
        f"    {M}rate: pace",
        "moves.bluff.rate",
        "unknown key 'rate'",
        "`tempo`",
    ),
    Broken(
        "prior of another form",
        "{gamma: {events: 3, years: 17}}",
        f"{{{M}cauchy: {{mean: 0.2, sd: 0.1}}}}",
        "parameters.spark.prior.cauchy",
        "unknown key 'cauchy'",
        "lognormal, uniform",
    ),
    Broken(
        "prior as list",
        "{gamma: {events: 3, years: 17}}",
        f"{{{M}uniform: [0, 1]}}",
        "parameters.spark.prior.uniform",
        "a list",
        "low, high",
    ),
    Broken("horizon", "12 years", f"{M}a decade", "horizon", "'a decade'", "10 years"),
    Broken("horizon too long", "12 years", f"{M}5000 years", "horizon", "number 5000", "at most 1000"),
    Broken("horizon nought", "12 years", f"{M}0 years", "horizon", "number 0", "above 0"),
    Broken("country code", "cow: 2", f"cow: {M}2.5", "actors.Doves.cow", "number 2.5", "whole number"),
    Broken(
        "cost and gain",
        "  - {actor: capital, gain: pride,",
        f"  - {M}{{actor: capital, gain: pride, cost: pride,",
        "payoffs.1",
        "both cost and gain",
        "one of",
    ),
    Broken(
        "neither cost nor gain",
        "  - {actor: capital, gain: pride,",
        f"  - {M}{{actor: capital,",
        "payoffs.1",
        "neither cost nor gain",
        "one of",
    ),
    Broken(
        "nobody",
        "  - {actor: capital, gain: pride,",
        f"  - {{{M}actor: [], gain: pride,",
        "payoffs.1.actor",
        "an empty list",
        "at least 1",
    ),
    Broken(
        "set and end",
        "    set: {crisis: down}",
        "    end: war\n    set: {crisis: down}",
        "events.cool",
        "set and end",
        "one of set, end and then",
        at="id: c",
    ),
    Broken(
        "two priors",
        "{gamma: {events: 3, years: 17}}",
        "{gamma: {events: 3, years: 17}, uniform: {low: 0, high: 1}}",
        "parameters.spark.prior",
        "uniform and gamma",
        "exactly one",
        at="prior: {g",
    ),
    Broken(
        "no prior",
        "{gamma: {events: 3, years: 17}}",
        "{}",
        "parameters.spark.prior",
        "empty prior",
        "exactly one",
        at="prior: {}",
    ),
    Broken(
        "prior without years",
        "{gamma: {events: 3, years: 17}}",
        "{gamma: {events: 3}}",
        "parameters.spark.prior.gamma",
        "no `years`",
        "years watched",
        at="gamma",
    ),
    Broken(
        "prior of nought", "median: 4", f"median: {M}0", "parameters.pace.prior.lognormal.median", "number 0", "above 0"
    ),
    Broken(
        "long text", "Bluff is cheap.", f"{M}{'Bluff is cheap. ' * 300}", "argument.M1", "characters", "at most 4000"
    ),
    Broken("empty text", "  M1: Bluff is cheap.", f"  M1: {M}''", "argument.M1", "an empty text", "some text"),
    Broken(
        "remove alone",
        "regimes:",
        f"remove: {M}{{moves: [bluff]}}\nregimes:",
        "remove",
        "without `extend`",
        "extends",
    ),
    Broken(
        "two preferences in one",
        "- {ends: war}",
        f"- {M}{{ends: war, avoids: war}}",
        "actors.Borland.preferences.2",
        "ends and avoids",
        "exactly one",
    ),
    Broken("infinite in test", "}, above: 1}", f"}}, above: {M}.inf}}", "claims.T1.test.above", "number inf", "finite"),
]
NAMES = [
    Broken(
        "unknown outcome preferred",
        "- {ends: war}",
        f"- {{ends: {M}wor}}",
        "actors.Borland.preferences.2.ends",
        "no outcome is called 'wor'",
        "war",
        "war",
    ),
    Broken(
        "outcome preferred twice",
        "- {ends: war}",
        f"- {{ends: [war, {M}war]}}",
        "actors.Borland.preferences.2.ends.1",
        "'war' twice",
        "every outcome once",
    ),
    Broken(
        "unknown level preferred",
        "- {when: {talks: yes}}",
        f"- {{when: {{talks: {M}yess}}}}",
        "actors.Borland.preferences.1.when.talks",
        "no level of talks is called 'yess'",
        "no, yes",
        "yes",
    ),
    Broken(
        "everyone as actor",
        "  Borland:\n",
        f"  {M}everyone: {{discount: rho, tempo: pace, noise: tau}}\n  Borland:\n",
        "actors.everyone",
        "`everyone`",
        "another name",
    ),
    Broken(
        "up as level",
        "levels: [no, yes]",
        f"levels: [no, yes, {M}up]",
        "factors.talks.levels.2",
        "'up' as a level",
        "another name",
    ),
    Broken("hold as move", "  - id: boast", f"  - id: {M}hold", "moves.hold.id", "`hold`", "another name"),
    Broken(
        "actor and seat",
        "seats:\n",
        f"seats:\n  {M}Borland: {{factor: office, sitters: {{dove: Doves, hawk: Hawks}}}}\n",
        "seats.Borland",
        "actor and a seat",
        "of its own",
    ),
    Broken(
        "same id",
        "  - id: election\n    rate",
        f"  - id: {M}cool\n    rate",
        "events.2.id",
        "second move or event called 'cool'",
        "id of its own",
    ),
    Broken("id of move and event", "  - id: cool", f"  - id: {M}talk", "events.talk.id", "'talk'", "id of its own"),
    Broken(
        "same claim",
        "claims:\n",
        "claims:\n  - {id: T1, says: Yes}\n",
        "claims.1.id",
        "second claim called 'T1'",
        "id of its own",
        at="T1, says: B",
    ),
    Broken(
        "same payof",
        "payoffs:\n",
        "payoffs:\n  - {id: fear, actor: Doves, cost: pride}\n",
        "payoffs.1.id",
        "'fear'",
        "id of its own",
        at="fear\n",
    ),
    Broken(
        "same level", "levels: [no, yes]", f"levels: [no, yes, {M}no]", "factors.talks.levels.2", "'no' twice", "once"
    ),
    Broken(
        "seat without factor",
        "    factor: office",
        f"    factor: {M}ofice",
        "seats.capital.factor",
        "'ofice'",
        "office",
        "office",
    ),
    Broken(
        "seat of no level",
        "sitters: {dove: Doves, hawk: Hawks}",
        f"sitters: {{dove: Doves, hawk: Hawks, {M}owl: Hawks}}",
        "seats.capital.sitters.owl",
        "'owl'",
        "dove, hawk",
    ),
    Broken(
        "vacant seat",
        "    sitters: {dove: Doves, hawk: Hawks}",
        f"    {M}sitters: {{dove: Doves}}",
        "seats.capital.sitters",
        "nobody holds capital while office is hawk",
        "every level",
    ),
    Broken(
        "unknown sitter",
        "sitters: {dove: Doves,",
        f"sitters: {{dove: {M}Dove,",
        "seats.capital.sitters.dove",
        "no actor is called 'Dove'",
        "Doves",
        "Doves",
    ),
    Broken(
        "unknown mover",
        "    actor: Borland\n    when: {crisis: acute}\n    cost: face",
        f"    actor: {M}Borlnd\n    when: {{crisis: acute}}\n    cost: face",
        "moves.strike.actor",
        "'Borlnd'",
        "Borland",
        "Borland",
    ),
    Broken(
        "everyone moves",
        "  - id: boast\n    actor: Hawks",
        f"  - id: boast\n    actor: {M}everyone",
        "moves.boast.actor",
        "'everyone'",
        "capital",
    ),
    Broken(
        "unknown feeler",
        "{actor: [Doves, Hawks], cost: ruin}",
        f"{{actor: [Doves, {M}Owls], cost: ruin}}",
        "outcomes.war.value.0.actor.1",
        "'Owls'",
        "everyone",
    ),
    Broken(
        "felt twice",
        "{actor: [Doves, Hawks], cost: ruin}",
        f"{{{M}actor: [capital, Hawks], cost: ruin}}",
        "outcomes.war.value.0.actor",
        "Hawks is meant twice",
        "once",
    ),
    Broken(
        "unknown owner",
        "    of: Borland",
        f"    of: {M}Borrland",
        "factors.talks.of",
        "'Borrland'",
        "Borland",
        "Borland",
    ),
    Broken(
        "unknown factor",
        "    when: {crisis: acute}\n    cost: face",
        f"    when: {{{M}crises: acute}}\n    cost: face",
        "moves.strike.when.crises",
        "'crises'",
        "crisis",
        "crisis",
    ),
    Broken(
        "unknown level",
        "    when: {crisis: acute}\n    cost: face",
        f"    when: {{crisis: {M}acuet}}\n    cost: face",
        "moves.strike.when.crisis",
        "'acuet'",
        "acute",
        "acute",
    ),
    Broken(
        "unknown level in list",
        "    when: {crisis: [none, mild]}\n    set: {talks",
        f"    when: {{crisis: [none, {M}mid]}}\n    set: {{talks",
        "moves.talk.when.crisis.1",
        "'mid'",
        "mild",
        "mild",
    ),
    Broken(
        "level twice",
        "    when: {crisis: [none, mild]}\n    set: {talks",
        f"    when: {{crisis: [none, {M}none]}}\n    set: {{talks",
        "moves.talk.when.crisis.1",
        "'none' twice",
        "once",
    ),
    Broken(
        "alternative",
        "[{office: hawk}, {year: 2002}]",
        f"[{{office: hawk}}, {{year: {M}2020}}]",
        "moves.bluff.times.0.when.1.year",
        "'2020'",
        "2002",
        "2002",
    ),
    Broken(
        "impossible factor",
        "{talks: yes, crisis: acute}\n",
        f"{{{M}talk: yes, crisis: acute}}\n",
        "impossible.0.talk",
        "'talk'",
        "talks",
        "talks",
    ),
    Broken(
        "regime",
        "when: {crisis: none}}\ninitial",
        f"when: {{crisis: {M}low}}}}\ninitial",
        "regimes.peace.when.crisis",
        "'low'",
        "none",
    ),
    Broken(
        "tempo",
        "when: {crisis: acute}, by: hurry",
        f"when: {{crisis: acute}}, by: {M}hury",
        "actors.Hawks.tempo.times.0.by",
        "'hury'",
        "hurry",
        "hurry",
    ),
    Broken(
        "noise",
        "          by: fog",
        f"          by: {M}frog",
        "actors.Borland.noise.times.0.by",
        "'frog'",
        "fog",
        "fog",
    ),
    Broken(
        "meaning",
        "meaning: {none: nothing happens, acute:",
        f"meaning: {{none: nothing happens, {M}actue:",
        "factors.crisis.meaning.actue",
        "'actue'",
        "acute",
        "acute",
    ),
    Broken(
        "unknown parameter",
        "- {actor: capital, cost: face}",
        f"- {{actor: capital, cost: {M}fase}}",
        "moves.strike.then.0.impact.0.cost",
        "'fase'",
        "face",
        "face",
    ),
    Broken("unknown mechanism", "implements: [M1]", f"implements: [{M}M9]", "moves.bluff.implements.0", "'M9'", "M1"),
    Broken("unknown result", "judges: R1", f"judges: {M}R9", "claims.T1.judges", "'R9'", "R1"),
    Broken("without nothing", "without: [M2]", f"without: [{M}M7]", "variants.no-bluff.without.0", "'M7'", "M2"),
    Broken(
        "unknown source",
        "unit: ratio, source: analyst's judgement}\n  ruin",
        f"unit: ratio, source: {M}analyst}}\n  ruin",
        "parameters.fog.source",
        "'analyst'",
        "analyst's judgement",
    ),
    Broken(
        "one unknown source",
        '"book, paper"',
        f'{M}"book, papers"',
        "parameters.tau.source",
        "'papers'",
        "paper",
        "paper",
    ),
    Broken(
        "source of a reason",
        'the doves win", source: book',
        f'the doves win", source: {M}boock',
        "initial.spring.because.office.source",
        "'boock'",
        "book",
        "book",
    ),
]
NUMBERS = [
    Broken(
        "immense",
        "fog: {value: 1.5, range: [1, 2]",
        f"fog: {{value: 1.5, range: [1, {M}1e30]",
        "parameters.fog.range.1",
        "the number 1e+30",
        "between 1e-12 and 1e+12",
    ),
    Broken(
        "minute",
        "prior: {gamma: {events: 3, years: 17}}",
        f"prior: {{gamma: {{events: 3, years: {M}1e-30}}}}",
        "parameters.spark.prior.gamma.years",
        "the number 1e-30",
        "between 1e-12 and 1e+12",
    ),
    Broken(
        "immense in a variant",
        "set: {pace: 6}",
        f"set: {{pace: {M}6e300}}",
        "variants.no-bluff.set.pace",
        "the number 6e+300",
        "between 1e-12 and 1e+12",
    ),
    Broken(
        "unit of discount",
        "Doves: {name: Doves of Arland, cow: 2, discount: rho",
        f"Doves: {{name: Doves of Arland, cow: 2, discount: {M}face",
        "actors.Doves.discount",
        "unit util",
        "unit 1/year",
    ),
    Broken(
        "unit of rate",
        "    rate: pace\n    set: {crisis: down}",
        f"    rate: {M}fog\n    set: {{crisis: down}}",
        "events.cool.rate",
        "the rate of an event",
        "1/year",
    ),
    Broken(
        "unit of cost",
        "    cost: face\n    then",
        f"    cost: {M}pride\n    then",
        "moves.strike.cost",
        "unit util/year",
        "unit util",
    ),
    Broken("unit of flow", "cost: pride\n", f"cost: {M}face\n", "payoffs.fear.cost", "a flow payoff", "unit util/year"),
    Broken(
        "unit of weight",
        "weight: rest",
        f"weight: {M}fog",
        "moves.strike.then.1.weight",
        "the weight of a branch",
        "unit weight",
    ),
    Broken(
        "unit of multiplier",
        "          by: fog",
        f"          by: {M}luck",
        "actors.Borland.noise.times.0.by",
        "a multiplier",
        "unit ratio",
    ),
    Broken(
        "no discount",
        "Doves: {name: Doves of Arland, cow: 2, discount: rho",
        f"Doves: {{name: Doves of Arland, cow: 2, discount: {M}0",
        "actors.Doves.discount",
        "a discount rate of 0",
        "above 0",
    ),
    Broken(
        "no noise",
        "tempo: pace, noise: tau}",
        f"tempo: pace, noise: {M}0}}",
        "actors.Doves.noise",
        "a noise of 0",
        "above 0",
    ),
    Broken(
        "noise multiplied by 0",
        "          by: fog",
        f"          by: {M}0",
        "actors.Borland.noise.times.0.by",
        "multiplier of noise of 0",
        "above 0",
    ),
    Broken(
        "noise may vanish",
        "fog: {value: 1.5, range: [1, 2]",
        f"fog: {{value: 1.5, {M}range: [0, 2]",
        "parameters.fog.range",
        "fog may be 0",
        "above 0",
    ),
    Broken(
        "variant without discount",
        "set: {pace: 6}",
        f"set: {{rho: {M}0}}",
        "variants.no-bluff.set.rho",
        "a discount rate of 0",
        "above 0",
    ),
    Broken(
        "range backwards",
        "fog: {value: 1.5, range: [1, 2]",
        f"fog: {{value: 1.5, {M}range: [2, 1]",
        "parameters.fog.range",
        "from 2 down to 1",
        "least value first",
    ),
    Broken(
        "value out of range",
        "fog: {value: 1.5",
        f"fog: {{value: {M}2.5",
        "parameters.fog.value",
        "outside its range from 1 to 2",
        "within",
    ),
    Broken(
        "value out of prior",
        "hurry: {value: 2",
        f"hurry: {{value: {M}7",
        "parameters.hurry.value",
        "outside its prior from 1 to 5",
        "prior allows",
    ),
    Broken(
        "prior backwards",
        "{uniform: {low: 1, high: 5}}",
        f"{{{M}uniform: {{low: 5, high: 1}}}}",
        "parameters.hurry.prior.uniform",
        "from 5 to 1",
        "below the high end",
    ),
    Broken(
        "loguniform from 0",
        "{loguniform: {low: 0.1,",
        f"{{loguniform: {{low: {M}0,",
        "parameters.tau.prior.loguniform.low",
        "from 0",
        "above 0",
    ),
    Broken(
        "p90 below median",
        "p90: 8",
        f"p90: {M}3",
        "parameters.pace.prior.lognormal.p90",
        "p90 of 3",
        "above the median",
    ),
    Broken(
        "gamma of no rate",
        "fog: {value: 1.5, range: [1, 2]",
        f"fog: {{value: 1.5, prior: {{{M}gamma: {{events: 1, years: 2}}}}",
        "parameters.fog.prior.gamma",
        "in ratio",
        "1/year",
    ),
    Broken(
        "beta above 1",
        "luck: {value: 0.3",
        "luck: {value: 1.3",
        "parameters.luck.prior.beta",
        "1.3 weight",
        "at most 1",
        at="beta:",
    ),
    Broken(
        "prior excludes 0",
        "pace: {value: 4",
        f"pace: {{value: {M}0",
        "parameters.pace.value",
        "prior rules out",
        "above 0",
    ),
    Broken(
        "no weight",
        "      - {weight: luck, set: {office: hawk}}\n      - {weight: 1,",
        "      - {weight: 0, set: {office: hawk}}\n      - {weight: 0,",
        "events.election.then",
        "all weights are 0",
        "above 0",
        at="then:\n      - {weight: 0",
    ),
]
EFFECTS = [
    Broken("unknown outcome", "end: war}", f"end: {M}wars}}", "moves.strike.then.1.end", "'wars'", "war", "war"),
    Broken(
        "unknown change",
        "    set: {talks: yes, year: 2002}",
        f"    set: {{{M}talk: yes, year: 2002}}",
        "moves.talk.set.talk",
        "'talk'",
        "talks",
        "talks",
    ),
    Broken(
        "change to no level",
        "    set: {talks: yes, year: 2002}",
        f"    set: {{talks: {M}maybe, year: 2002}}",
        "moves.talk.set.talks",
        "'maybe'",
        "no, yes",
    ),
    Broken(
        "up without order",
        "    set: {talks: yes, year: 2002}",
        f"    set: {{talks: {M}up, year: 2002}}",
        "moves.talk.set.talks",
        "no order",
        "ordered: true",
    ),
    Broken(
        "up from the top",
        "    when: {crisis: none, talks: no}",
        "    when: {talks: no}",
        "events.spark.set.crisis",
        "may already be acute",
        "`crisis: [none, mild]` in `when`",
        at="up}\n  - id: cool",
    ),
    Broken(
        "down from the bottom",
        "  - id: cool\n    when: {crisis: [mild, acute]}",
        "  - id: cool",
        "events.cool.set.crisis",
        "may already be none",
        "`crisis: [mild, acute]`",
        at="down}",
    ),
    Broken(
        "down in one alternative",
        "  - id: cool\n    when: {crisis: [mild, acute]}",
        "  - id: cool\n    when: [{crisis: mild}, {office: hawk}]",
        "events.cool.set.crisis",
        "may already be none",
        "in `when`",
        at="down}",
    ),
    Broken(
        "move without effect",
        "    when: {crisis: [none, mild]}\n    set: {talks: yes, year: 2002}",
        "    when: {crisis: [none, mild]}",
        "moves.talk",
        "no effect",
        "set, end, then or impact",
        at="id: t",
    ),
    Broken(
        "event without effect",
        "    rate: pace\n    set: {crisis: down}",
        "    rate: pace",
        "events.cool",
        "no effect",
        "set, end, then or impact",
        at="id: c",
    ),
    Broken(
        "not repeatable",
        "    repeatable: true",
        "    about: boasts",
        "moves.boast",
        "changes nothing",
        "repeatable",
        at="id: bo",
    ),
    Broken(
        "repeatable without impact",
        "    family: threats",
        f"    repeatable: {M}true",
        "moves.bluff.repeatable",
        "without impact",
        "impact",
    ),
    Broken(
        "branch with two effects",
        "end: war}",
        "end: war, set: {crisis: none}}",
        "moves.strike.then.1",
        "set and end together",
        "one of the two",
        at="{weig",
    ),
]
STARTS = [
    Broken(
        "incomplete",
        "    state: {office: dove, crisis: none, talks: no, year: 2001}",
        f"    {M}state: {{office: dove, crisis: none}}",
        "initial.spring.state",
        "no level for talks, year",
        "talks: no",
    ),
    Broken(
        "unknown factor",
        "{office: dove, crisis: none, talks: no, year: 2001}",
        f"{{office: dove, crisis: none, talks: no, year: 2001, {M}moon: full}}",
        "initial.spring.state.moon",
        "'moon'",
        "office",
    ),
    Broken(
        "unknown level",
        "{office: dove, crisis: none, talks: no,",
        f"{{office: {M}owl, crisis: none, talks: no,",
        "initial.spring.state.office",
        "'owl'",
        "dove, hawk",
    ),
    Broken(
        "impossible",
        "    state: {office: dove, crisis: none, talks: no,",
        f"    {M}state: {{office: dove, crisis: acute, talks: yes,",
        "initial.spring.state",
        "{talks: yes, crisis: acute}",
        "can occur",
    ),
    Broken(
        "everything impossible",
        "  - {talks: yes, crisis: acute}\n",
        f"  - {M}{{}}\n",
        "impossible.0",
        "empty combination",
        "a combination such as",
    ),
    Broken(
        "reason for nothing",
        "      office: {says",
        f"      {M}offise: {{says",
        "initial.spring.because.offise",
        "'offise'",
        "office",
        "office",
    ),
    Broken("drop", "drop: bluff", f"drop: {M}bluf", "variants.no-bluff.drop", "'bluf'", "bluff", "bluff"),
    Broken(
        "pin factor",
        "pin: {talks: no}",
        f"pin: {{{M}talk: no}}",
        "variants.no-bluff.pin.talk",
        "'talk'",
        "talks",
        "talks",
    ),
    Broken(
        "pin level", "pin: {talks: no}", f"pin: {{talks: {M}nope}}", "variants.no-bluff.pin.talks", "'nope'", "no", "no"
    ),
    Broken("set", "set: {pace: 6}", f"set: {{{M}pase: 6}}", "variants.no-bluff.set.pase", "'pase'", "pace", "pace"),
    Broken(
        "set negative",
        "set: {pace: 6}",
        f"set: {{pace: {M}-6}}",
        "variants.no-bluff.set.pace",
        "number -6",
        "at least 0",
    ),
    Broken(
        "same scenario",
        "drop: bluff, pin: {talks: no}, set: {pace: 6}, without: [M2]}",
        "drop: []}",
        "variants.no-bluff",
        "changes nothing",
        "drop, pin, start, set or without",
        at="no-bl",
    ),
]
WARNINGS = [
    Broken(
        "unused parameter",
        "parameters:\n",
        "parameters:\n  spare: {value: 1, unit: util, source: book}\n",
        "parameters.spare",
        "used nowhere",
        "take it out",
        at="spare",
    ),
    Broken(
        "unused source",
        "sources:\n",
        f"sources:\n  {M}spare: {{cite: Somebody}}\n",
        "sources.spare",
        "cited nowhere",
        "cite it",
    ),
    Broken(
        "unused outcome",
        "outcomes:\n",
        f"outcomes:\n  {M}bliss: {{about: good}}\n",
        "outcomes.bliss",
        "nothing ends in bliss",
        "end: bliss",
    ),
    Broken(
        "condition on everything",
        "{office: hawk}, {year: 2002}",
        f"{{office: hawk}}, {{{M}year: [2001, 2002]}}",
        "moves.bluff.times.0.when.1.year",
        "every level of year",
        "leave year out",
    ),
    Broken(
        "regime of everything",
        "when: {crisis: none}}\ninitial",
        f"{M}when: {{}}}}\ninitial",
        "regimes.peace.when",
        "holds always",
        "a condition",
    ),
    Broken(
        "idle move",
        "    when: {crisis: [none, mild]}\n    set: {talks: yes, year: 2002}",
        "    when: {year: 2002}\n    set: {year: 2002}",
        "moves.talk",
        "already holds",
        "another level",
        at="id: t",
    ),
    Broken(
        "never possible",
        "    when: {crisis: acute}\n    cost: face",
        f"    {M}when: {{crisis: acute, talks: yes}}\n    cost: face",
        "moves.strike.when",
        "impossible",
        "can occur",
    ),
    Broken(
        "takes nothing out",
        "without: [M2]",
        f"{M}without: [R1]",
        "variants.no-bluff.without",
        "nothing implements R1",
        "implements: R1",
    ),
    Broken(
        "variant out of range",
        "set: {pace: 6}",
        f"set: {{rho: {M}0.5}}",
        "variants.no-bluff.set.rho",
        "outside the range of rho",
        "within",
    ),
]
ERRORS = SYNTAX + SHAPE + NAMES + NUMBERS + EFFECTS + STARTS


@pytest.mark.parametrize("broken", ERRORS, ids=lambda broken: broken.fault)
def test_a_broken_scenario_is_refused_with_one_located_problem(broken: Broken) -> None:
    text, line, column = edited(broken.old, broken.new, broken.at)
    with pytest.raises(ScenarioError) as raised:
        loads(text, "specimen.yaml")
    errors = [problem for problem in raised.value.problems if problem.severity == "error"]
    assert len(errors) == 1, raised.value
    tell(errors[0], broken, line, column)


@pytest.mark.parametrize("broken", WARNINGS, ids=lambda broken: broken.fault)
def test_a_dubious_scenario_is_read_with_a_located_warning(broken: Broken) -> None:
    text, line, column = edited(broken.old, broken.new, broken.at)
    _, warnings = read_string(text, "specimen.yaml")
    assert len(warnings) == 1, warnings
    assert warnings[0].severity == "warning"
    tell(warnings[0], broken, line, column)


def test_a_factor_of_one_level_cannot_go_up() -> None:
    text = GOOD.replace("  office:\n    levels", "  moon: {levels: [new], ordered: true}\n  office:\n    levels")
    text = text.replace("{office: dove, crisis", "{moon: new, office: dove, crisis")
    with pytest.raises(ScenarioError) as raised:
        loads(text.replace("set: {talks: yes, year: 2002}", "set: {talks: yes, year: 2002, moon: up}"))
    assert [problem.found for problem in raised.value.problems] == ["'up' on moon, which has one level only"]


def test_ids_without_any_argument_are_one_mistake() -> None:
    start, end = GOOD.index("argument:"), GOOD.index("sources:")
    with pytest.raises(ScenarioError) as raised:
        loads(GOOD[:start] + GOOD[end:])
    assert [problem.found for problem in raised.value.problems] == ["M1, M2, R1 cited, but no argument to cite from"]


def test_more_faults_than_anyone_reads_are_counted_last() -> None:
    entries = "".join(f"  p{i}: {{valeu: 1, unit: util}}\n" for i in range(200))
    with pytest.raises(ScenarioError) as raised:
        loads(GOOD.replace("parameters:\n", "parameters:\n" + entries))
    assert "faults more" in raised.value.problems[-1].found
    assert len(raised.value.problems) < 500


def test_a_factor_on_which_nothing_depends_is_dubious() -> None:
    text = GOOD.replace("  office:\n    levels", "  moon: {levels: [new, full]}\n  office:\n    levels")
    _, warnings = read_string(text.replace("{office: dove, crisis", "{moon: new, office: dove, crisis"))
    assert [warning.found for warning in warnings] == ["nothing depends on moon"]


def test_an_actor_who_neither_moves_nor_feels_is_dubious() -> None:
    text = GOOD.replace("  Borland:\n", "  Coast: {discount: rho, tempo: pace, noise: tau}\n  Borland:\n")
    _, warnings = read_string(text.replace("actor: everyone", "actor: capital"))
    assert [warning.found for warning in warnings] == ["Coast does nothing and feels nothing"]


def tell(problem: Problem, broken: Broken, line: int, column: int) -> None:
    assert ".".join(str(key) for key in problem.path) == broken.path
    assert broken.found in problem.found
    assert broken.right in problem.right
    assert problem.suggestion == broken.meant
    assert problem.file == "specimen.yaml"
    assert (problem.line, problem.column) == (line, column)


def test_every_rule_has_a_broken_example() -> None:
    shaped = []
    for broken in ERRORS + WARNINGS:
        if broken not in SYNTAX:
            root, _ = parse(edited(broken.old, broken.new, broken.at)[0], "specimen.yaml")
            shaped.append(shape(root.plain())[0])
    untested = {
        rule.__name__
        for rule in (*checks.ERRORS, *checks.AS_WRITTEN, *checks.WARNINGS)
        if not any(scenario is not None and any(rule(scenario)) for scenario in shaped)
    }
    elsewhere = {"bystanders", "measures", "tests", "needs", "bounds", "fair", "orderings", "correlations", "kept"}
    assert untested == elsewhere, "bystanders has a test of its own; claims and priors have files of their own"


@pytest.mark.parametrize("broken", NAMES + NUMBERS + EFFECTS + STARTS + WARNINGS, ids=lambda broken: broken.fault)
def test_a_scenario_built_in_python_has_the_same_problems_without_places(broken: Broken) -> None:
    text, _, _ = edited(broken.old, broken.new, broken.at)
    scenario, faults = shape(parse(text, "specimen.yaml")[0].plain())
    if scenario is None:
        assert broken.fault == "set negative", faults
        return
    problem = checks.check(scenario)[0]
    assert broken.found in problem.found
    assert broken.right in problem.right
    assert (problem.file, problem.line, problem.column) == (None, None, None)


def test_problems_of_all_kinds_are_shown_together_in_order() -> None:
    text = (
        GOOD.replace("    of: Borland", "    off: Borlnd")
        .replace("fog: {value: 1.5", "fog: {value: much")
        .replace("    family: threats", "    faimly: threats\n    cost: face")
        .replace("rate: pace\n", "rate: speed\n")
        .replace("drop: bluff", "drop: bluf")
    )
    with pytest.raises(ScenarioError) as raised:
        loads(text, "specimen.yaml")
    assert [(problem.line, problem.found) for problem in raised.value.problems] == [
        (45, "the unknown key 'off'"),
        (45, "no actor or seat is called 'Borlnd'"),
        (68, "the text 'much'"),
        (84, "the unknown key 'faimly'"),
        (85, "the key 'cost' for the second time (the first is in line 80)"),
        (116, "no parameter is called 'speed'"),
        (138, "no move or event is called 'bluf'"),
    ]


def test_what_is_missing_only_because_its_own_lines_are_at_fault_is_no_second_mistake() -> None:
    with pytest.raises(ScenarioError) as raised:
        loads(GOOD.replace("spark: {value: 0.2", "spark: {value: -0.2"))
    assert [problem.found for problem in raised.value.problems] == ["the number -0.2"]
