"""The report: the argument, its verdicts and their evidence, for people to read and to forward."""

from equipoise.report.gather import Evidence, gather
from equipoise.report.html import to_html
from equipoise.report.markdown import to_markdown

__all__ = ["Evidence", "gather", "to_html", "to_markdown"]
