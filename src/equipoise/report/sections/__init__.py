"""The sections of a report, in its order: each a module with one function that says it as plain data.

A section's words stand in its templates `NAME.html.j2` and `NAME.md.j2`, its charts in `equipoise.report.figures`.
To add one, write those and put it into `SECTIONS`.
"""

from equipoise.report.sections.ablation import ablation
from equipoise.report.sections.conduct import conduct
from equipoise.report.sections.futures import futures
from equipoise.report.sections.ledgers import ledgers
from equipoise.report.sections.ordinal import ordinal
from equipoise.report.sections.parameters import parameters
from equipoise.report.sections.regimes import regimes
from equipoise.report.sections.risks import risks
from equipoise.report.sections.roads import roads
from equipoise.report.sections.section import Section
from equipoise.report.sections.settling import settling
from equipoise.report.sections.starts import starts
from equipoise.report.sections.trust import trust
from equipoise.report.sections.verdicts import verdicts
from equipoise.report.sections.words import glossary

SECTIONS = (
    Section("verdicts", "Verdicts", verdicts),
    Section("futures", "What is not known, and what decides it", futures),
    Section("risks", "How likely each end is", risks),
    Section("roads", "The roads, and who could turn back", roads),
    Section("settling", "Ways in and ways out", settling),
    Section("regimes", "Regimes", regimes),
    Section("conduct", "Conduct", conduct),
    Section("ledgers", "What each gets and pays", ledgers),
    Section("ablation", "What carries it", ablation),
    Section("ordinal", "Stability without numbers", ordinal),
    Section("starts", "Starting situations", starts),
    Section("parameters", "Every number and its source", parameters),
    Section("trust", "How far to trust these numbers", trust),
    Section("glossary", "Words", glossary),
)

__all__ = ["SECTIONS", "Section"]
