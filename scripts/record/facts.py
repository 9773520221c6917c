"""Facts too few for a data set, each with its dates, and the rates that follow from them."""

from __future__ import annotations

import itertools

from record.estimates import Rate, fixed, rate, share
from record.tables import years_between

PLEDGES = (
    ("1992-04-10", "1993-03-12", "safeguards agreement in force; withdrawal from the NPT announced"),
    ("1994-10-21", "2002-10-16", "Agreed Framework; United States announces an enrichment programme"),
    ("2005-09-19", "2006-10-09", "Six-Party joint statement; first nuclear test"),
    ("2007-02-13", "2009-04-14", "initial-actions agreement; quits the Six-Party Talks"),
    ("2012-02-29", "2012-04-13", "Leap Day deal; satellite launch"),
    ("2018-04-20", "2019-12-31", "end of tests announced; no longer bound by the moratorium"),
)
"""When a disarmament pledge was made, when events had plainly exposed it, and by what."""

STEPS = (
    ("none", "1986-01-01", "1992-09-01", "the Yongbyon reactor starts; inspectors find a discrepancy of plutonium"),
    ("threshold", "2002-12-12", "2006-10-09", "announces that it restarts Yongbyon; first nuclear test"),
    ("regional", "2006-10-09", "2016-01-06", "first nuclear test; begins the tests of 2016 with a claimed new weapon"),
    ("testing", "2016-01-06", "2017-11-28", "the campaign begins; Hwasong-15 flies"),
)
"""How long each step of the programme took while it was not frozen: level left, from, until, what happened."""

INAUGURATIONS = (
    (1993, "deal"), (1997, "deal"), (2001, "hawk"), (2005, "hawk"), (2009, "deal"),
    (2013, "deal"), (2017, "hawk"), (2021, "deal"), (2025, "deal"),
)  # fmt: skip
"""Whether the administration sworn in was ready to deal with Pyongyang or held that it must be forced."""

PARTIES = (
    (1993, "D"), (1997, "D"), (2001, "R"), (2005, "R"), (2009, "D"), (2013, "D"), (2017, "R"), (2021, "D"), (2025, "R"),
)  # fmt: skip
"""Party of the administration sworn in; before 1993 Republican."""

WING_CHANGES = (
    ("2007-02-13", "deal", "the second Bush administration signs the initial-actions agreement"),
    ("2018-03-08", "deal", "Trump agrees to meet Kim"),
    ("2019-02-28", "hawk", "Hanoi ends without agreement after the maximal demand is put"),
)
"""Changes of line within a term."""
WINGS_WATCHED = ("1993-01-20", "2026-01-20")

SEOUL = (
    (1998, "engaging"), (2003, "engaging"), (2008, "guarded"), (2013, "guarded"), (2017, "engaging"),
    (2022, "guarded"), (2025, "engaging"),
)  # fmt: skip
"""Whether the South Korean president sworn in began with engagement of the North."""

COMMUNIST_REGIMES = (
    ("Soviet Union", 1917, 1991), ("Mongolia", 1924, 1990), ("Yugoslavia", 1945, 1991), ("Albania", 1944, 1992),
    ("Poland", 1945, 1989), ("Bulgaria", 1946, 1990), ("Romania", 1947, 1989), ("Czechoslovakia", 1948, 1989),
    ("Hungary", 1949, 1989), ("East Germany", 1949, 1990), ("China", 1949, None), ("North Korea", 1948, None),
    ("Vietnam", 1954, None), ("Cuba", 1959, None), ("Laos", 1975, None),
)  # fmt: skip
"""The fifteen communist regimes of Dimitrov (ed.), Why Communism Did Not Collapse, Cambridge 2013: rule from, until."""

NORTH_KOREA = (("1948-09-09", "2026-08-31"), ("1994-07-08", "2011-12-17"))
"""The regime's life so far, and the deaths of two of its leaders, both followed by orderly succession."""

NO_WAR_SINCE = ("1953-07-27", "2026-08-31")
"""Armistice and last day watched: no war between the Koreas or of the United States and North Korea."""


def coded() -> list[Rate]:
    """Rates from the facts coded above."""
    believed = sum(years_between(start, end) for start, end, _ in PLEDGES)
    deals = sum(wing == "deal" for _, wing in INAUGURATIONS)
    friends = sum(stance == "engaging" for _, stance in SEOUL)
    kind = {"source": "coded-facts"}
    return [
        rate("pledge_exposed", len(PLEDGES), believed, about="Pledges exposed", theme="pledges", **kind),
        rate(
            "evidence (two steps from believed to exposed)",
            2 * len(PLEDGES),
            believed,
            about="Steps of credit lost, two for each pledge",
            theme="pledges",
            **kind,
        ),
        fixed("us_election", 1 / 4, "every four years", about="Presidential election", theme="governments", **kind),
        share(
            "hawk_share",
            len(INAUGURATIONS) - deals,
            deals,
            about="Inaugurations that brought hawks to Washington, since 1993",
            theme="governments",
            **kind,
        ),
        rate(
            "wing_change_within_term",
            len(WING_CHANGES),
            years_between(*WINGS_WATCHED),
            about="Changes of line within a term",
            theme="governments",
            **kind,
        ),
        fixed(
            "south_korean_election",
            1 / 5,
            "every five years",
            about="Presidential election",
            theme="governments",
            **kind,
        ),
        share(
            "engaging_share",
            friends,
            len(SEOUL) - friends,
            about="Inaugurations of friends of engagement, since 1998",
            theme="governments",
            **kind,
        ),
        *(
            rate(
                f"leaves_{level}",
                1,
                years_between(start, end),
                about=f"Steps of the programme beyond {level} while unfrozen",
                theme="programme",
                **kind,
            )
            for level, start, end, _ in STEPS
        ),
        *_survival(),
    ]


def _survival() -> list[Rate]:
    before = ("R", *(party for _, party in PARTIES))
    changes = sum(old != new for old, new in itertools.pairwise(before))
    last = int(NORTH_KOREA[0][1][:4])
    peers = [(start, end) for name, start, end in COMMUNIST_REGIMES if name != "North Korea"]
    falls = sum(end is not None for _, end in peers)
    peer_years = sum((end or last) - start for start, end in peers)
    own = years_between(*NORTH_KOREA[0])
    successions = len(NORTH_KOREA[1])
    peace = years_between(*NO_WAR_SINCE)
    kind = {"source": "coded-facts", "theme": "governments"}
    return [
        share("us_party_changes", changes, len(PARTIES) - changes, about="Elections that changed the party", **kind),
        rate("dprk_succession", successions, own, about="Deaths of a North Korean leader in office", **kind),
        share("succession_fails", 0, successions, about="Successions in which the regime fell", **kind),
        rate("collapse_own_record", 0, own, about="Collapses of the North Korean regime since 1948", **kind),
        rate("collapse_of_peers", falls, peer_years, about="Falls of the fourteen other communist regimes", **kind),
        rate(
            "collapse_rate",
            falls,
            peer_years + round(own),
            about="Falls of the fifteen communist regimes, North Korea's years without one among them",
            **kind,
        ),
        rate("any_war", 0, peace, about="Wars in Korea since the armistice", source="coded-facts", theme="war"),
    ]
