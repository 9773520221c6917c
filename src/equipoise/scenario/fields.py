"""Which model and which keys stand at a path of the language."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from equipoise.errors import KeyPath
from equipoise.scenario.models import Scenario

FILE_KEYS = ("extend", "remove")
"""Keys at the top of a file that are gone once files are merged."""
UNWRITTEN = ("dropped",)
"""Fields that no file may set."""


def model_at(path: KeyPath) -> type[BaseModel] | None:
    """The model whose fields stand at a path of keys, or None where no model stands."""
    here: Any = Scenario
    for key in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(key))
            here = _bare(field.annotation) if field is not None else None
        else:
            here = _entry(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def written_keys(model: type[BaseModel]) -> list[str]:
    """The keys that an author may write for a model."""
    top = FILE_KEYS if model is Scenario else ()
    return [*(key for key in model.model_fields if key not in UNWRITTEN), *top]


def _bare(annotation: Any) -> Any:
    """A type without what is annotated to it and without ``None`` as an alternative."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    return _bare(kinds[0]) if NoneType in get_args(annotation) and len(kinds) == 1 else annotation


def _entry(annotation: Any) -> Any:
    """The type of a list's items or a mapping's values, or None."""
    origin = get_origin(annotation)
    if origin is tuple:
        return _bare(get_args(annotation)[0])
    return _bare(get_args(annotation)[1]) if isinstance(origin, type) and issubclass(origin, Mapping) else None
