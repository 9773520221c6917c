"""What a scenario says for its ordinal reading only: what actors want, and who acts together."""

from __future__ import annotations

from pydantic import model_validator

from equipoise.scenario.kinds import Condition, Model, Prose, SomeNames, wrong


class Preference(Model):
    """One thing an actor wants, for the ordinal reading of a scenario: exactly one of its keys beside `about`."""

    when: Condition | None = None
    """Condition that should hold."""
    ends: SomeNames | None = None
    """Outcomes of which one should have come."""
    avoids: SomeNames | None = None
    """Outcomes of which none should have come."""
    about: Prose | None = None
    """Why."""

    @model_validator(mode="after")
    def _one_kind(self) -> Preference:
        given = [key for key in ("when", "ends", "avoids") if getattr(self, key) is not None]
        if len(given) != 1:
            raise wrong(" and ".join(given) or "no preference", "exactly one of `when`, `ends` and `avoids`")
        return self


class Coalition(Model):
    """Actors who act together, for the ordinal reading of a scenario."""

    members: SomeNames
    """Two or more actors; an actor is in one coalition at most, and in none if it acts alone."""
    about: Prose | None = None
    """What binds them."""
