"""The scenario that `equipoise new` writes: two rivals, a crisis, a war that neither wants."""

STARTER = """\
# A scenario of Equipoise. Change it line by line; then `equipoise check` this file, `equipoise read` it aloud,
# and `equipoise assess` it. All names are yours. Every number stands once, below, with its unit and its source.
title: Two rivals and a strait
about: North may challenge South over a strait that they share, and a crisis may get out of hand.

# Who decides: what the future counts, how often there is an occasion to decide, how inconsistent the choices are.
actors:
  North:
    about: wants the strait for itself
    discount: impatience
    tempo: pace
    noise: inconsistency
  South:
    about: would keep things as they are
    discount: impatience
    tempo: pace
    noise: inconsistency

# The situation. A state of the system picks one level of every factor; here there is one factor.
factors:
  strait:
    about: who holds the strait
    levels: [shared, contested, taken]

# How it can end, and what that costs whom.
outcomes:
  war:
    value:
      - actor: everyone
        cost: war_cost

# What each may do, and when. To change nothing is always possible and is never written.
moves:
  - id: challenge
    actor: North
    about: sends ships into the strait
    when: {strait: shared}
    set: {strait: contested}
  - id: back-down
    actor: North
    about: calls its ships back
    when: {strait: contested}
    cost: lost_face
    set: {strait: shared}
  - id: give-way
    actor: South
    about: leaves the strait to North
    when: {strait: contested}
    cost: lost_face
    set: {strait: taken}

# What happens without anybody choosing it.
events:
  - id: escalation
    about: the crisis gets out of hand
    when: {strait: contested}
    rate: escalation
    end: war
  - id: reopening
    about: North must open the strait again
    when: {strait: taken}
    rate: reopening
    set: {strait: shared}

# What each feels per year while a situation lasts.
payoffs:
  - actor: North
    when: {strait: taken}
    gain: prize
  - actor: South
    when: {strait: taken}
    cost: prize

# Every number: its value, the range of what is credible, its unit, where it comes from.
parameters:
  impatience: {value: 0.1, range: [0.05, 0.2], unit: 1/year, source: analyst's judgement}
  pace: {value: 6, range: [2, 12], unit: 1/year, source: analyst's judgement}
  inconsistency: {value: 0.5, range: [0.1, 1], unit: util, source: analyst's judgement}
  war_cost: {value: 30, range: [10, 100], unit: util, source: analyst's judgement}
  lost_face: {value: 1, range: [0, 3], unit: util, source: analyst's judgement}
  escalation: {value: 0.1, range: [0.02, 0.5], unit: 1/year, source: analyst's judgement}
  reopening: {value: 0.3, range: [0.1, 1], unit: 1/year, source: analyst's judgement}
  prize: {value: 1, range: [0.3, 3], unit: util/year, source: analyst's judgement}

# What you want to talk about by name.
regimes:
  crisis:
    about: ships face each other
    when: {strait: contested}

# Where it starts.
initial:
  today:
    about: the strait is quiet
    state: {strait: shared}

# What else you want to ask: `equipoise assess FILE --variant proud`.
variants:
  proud:
    about: what if backing down cost twice as much?
    set: {lost_face: 2}
"""


def starter() -> str:
    """The text of a commented scenario to start from."""
    return STARTER
