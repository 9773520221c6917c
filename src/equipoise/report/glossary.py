"""What the words of a report mean, in the field's terms."""

from __future__ import annotations

GLOSSARY: tuple[tuple[str, str], ...] = (
    ("actor", "Whoever decides: a government, a faction, a leader."),
    ("as written", "The scenario with its own numbers and without any variant's edits."),
    (
        "assumed and emergent",
        "A difference between two variants has two parts. The assumed part is there if everybody goes on acting as in "
        "the scenario as written; the emergent part is what strategy adds, because actors who face another future act "
        "otherwise.",
    ),
    ("certificate", "Evidence, found by other code than the solver's, that the numbers are an equilibrium."),
    ("claim", "One sentence of the argument, with the test on measures that decides it."),
    (
        "control cost",
        "The noise convention used for analysis: deviating from habit is costly, options are worth nothing by"
        " themselves.",
    ),
    ("dwell", "How long a visit to a regime lasts on average."),
    (
        "equilibrium",
        "Everybody's choices are the best they can do, up to noise, against everybody else's. A game may have several; "
        "the principal one is reached by lowering the noise from where all act by habit.",
    ),
    ("factor, level, state", "One aspect of the situation; what it may be; one level for every factor together."),
    (
        "felt value",
        "The expected discounted stream of real payoffs to one actor. Utils are never compared between actors.",
    ),
    (
        "noise convention",
        "What is assumed about inconsistent choices. Risks depend on it; three conventions can be compared.",
    ),
    ("outcome", "An end, such as a war. What it is worth is judged in the situation in which it comes."),
    ("regime", "A named set of situations: institutions, not their consequences."),
    ("risk", "The probability that an outcome comes within the horizon."),
    ("road", "A way in which an outcome or a regime comes about."),
    (
        "start",
        "A starting situation: one level for every factor, each justified by a dated fact where history is meant.",
    ),
    (
        "util",
        "The unit in which an actor's likes and dislikes are written; only differences within one actor mean anything.",
    ),
    ("variant", "A named edit of the scenario: what is dropped, pinned, set or done without."),
    ("verdict", "Whether a claim holds, fails or cannot be decided at the scenario's own numbers."),
)
LIMITS: tuple[str, ...] = (
    "State is public: nobody has private information. Beliefs, such as whether a pledge is believed, are "
    "public factors that drift.",
    "Nobody can bind himself: every promise is kept only as long as keeping it is the better choice.",
    "Actors look ahead without end and know the model; their inconsistency is noise around the better "
    "choice, not error of belief.",
    "A game may have several equilibria. The numbers are those of the principal one; others were looked "
    "for only where it says so.",
    "What a decision opportunity is worth depends on the noise convention, and so do policies and risks.",
    "Verdicts are at the scenario's own numbers. They say what follows from them, not how likely the "
    "numbers are to be right.",
    "Payoffs are the analyst's. Utils are compared within one actor only and never added between actors.",
    "The risks follow from the assumptions. They are not a forecast.",
)
