"""A scenario under many draws of what is not known: drawn, solved, judged and stored."""

from equipoise.ensemble.plan import Plan
from equipoise.ensemble.run import run
from equipoise.ensemble.store import Store, open_store
from equipoise.ensemble.summary import Summary, summarise

__all__ = ["Plan", "Store", "Summary", "open_store", "run", "summarise"]
