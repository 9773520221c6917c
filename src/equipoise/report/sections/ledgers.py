"""What each gets and pays, from every start that is told."""

from __future__ import annotations

from equipoise.claims.ledger import Account, Ledger
from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.report.sections.telling import case_name, grouped, util
from equipoise.scenario.phrases import sentence

_MOST = 8
"""Parts of an account that are told one by one."""
_WIDEST = 10
"""Cases beside each other in one table; the first stands in every table."""


def ledgers(evidence: Evidence) -> Content:
    """The accounts of every actor."""
    return {"starts": grouped({ledger.start: _ledger(evidence, ledger) for ledger in evidence.ledgers})}


def _ledger(evidence: Evidence, ledger: Ledger) -> Content:
    first, *others = ledger.cases
    tables = [(first, *others[k : k + _WIDEST - 1]) for k in range(0, max(1, len(others)), _WIDEST - 1)]
    return {
        "cases": [case_name(case) for case in ledger.cases],
        "accounts": [
            {"actor": evidence.assessment.actors[account.actor], "tables": [_table(account, cases) for cases in tables]}
            for account in ledger.accounts
        ],
    }


def _table(account: Account, cases: tuple[str, ...]) -> Content:
    """Some cases of an account, beside each other."""
    told, rest = account.entries[:_MOST], account.entries[_MOST:]
    return {
        "cases": [case_name(case) for case in cases],
        "total": [util(account.total[case]) for case in cases],
        "entries": [
            {
                "about": sentence(entry.about),
                "name": entry.name,
                "source": entry.source,
                "values": [util(entry.value[case]) for case in cases],
            }
            for entry in told
        ],
        "left": len(rest),
        "rest": [util(sum(entry.value[case] for entry in rest)) for case in cases],
    }
