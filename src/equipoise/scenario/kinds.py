"""The kinds of values that the models are made of: names, levels, numbers, references, conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from equipoise.errors import shown, told

_NAME = r"^[A-Za-z][A-Za-z0-9_-]*$"
_LEVEL = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dict that refuses to change, so that a frozen model is frozen all the way down."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a scenario is frozen; build a changed copy instead")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = _refuse
    __ior__ = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[K, V]]]:
        return (type(self), (dict(self),))


def listed(value: Any) -> Any:
    """A lone entry means a list of one."""
    return [value] if isinstance(value, str | int | Mapping) else value


def shorthand(key: str) -> Callable[[Any], Any]:
    """A lone value means a mapping with one key."""
    return lambda value: value if isinstance(value, Mapping | BaseModel) else {key: value}


def wrong(found: str, right: str) -> PydanticCustomError:
    """The error of a value that no field may have."""
    return PydanticCustomError("wrong", "{found}; right would be: {right}", {"found": found, "right": right})


def _ref(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(_NAME, value[:81]):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value in (0, 1):
            return int(value)
        right = "the name of a parameter, so that the number has a unit and a source; only 0 and 1 may stand bare"
        raise wrong(told(value), right)
    if isinstance(value, str) and "%" in value:
        raise wrong(told(value), "the name of a parameter, and there 0.3 for 30%")
    if isinstance(value, str) and re.search(r"[-+*/^(]", value[:80]):
        right = "the name of a parameter; `cost` or `gain` instead of signs, multipliers under `times` instead of sums"
        raise wrong(told(value), right)
    raise wrong(told(value), "the name of a parameter, or 0 or 1")


def _level(value: Any) -> Any:
    """A level may look like a number; yes and no are names anyway."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _prose(text: str) -> str:
    """Without the line end that a block of prose in YAML carries along."""
    return _encodable(text).strip()


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise wrong("half of a surrogate pair", "text that can be written to a file") from None
    return text


YEARS = r"^([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?) years?$"
YearsText = Annotated[str, Field(pattern=YEARS)]


def parse_years(text: str) -> float:
    """The number of ``10 years``."""
    match = re.fullmatch(YEARS, text[:80].strip())
    if not match:
        raise wrong(f"the text {shown(text)}", "a time in years, such as '10 years'")
    return float(match[1])


def _years(text: Any) -> Any:
    return parse_years(text) if isinstance(text, str) else text


_LevelText = Annotated[str, Field(pattern=_LEVEL, max_length=80)]
Name = Annotated[str, Field(pattern=_NAME, max_length=80)]
Level = Annotated[
    str, Field(pattern=_LEVEL, max_length=80), BeforeValidator(_level, json_schema_input_type=_LevelText | int)
]
Prose = Annotated[str, AfterValidator(_prose)]
Text = Annotated[str, AfterValidator(_prose), Field(min_length=1, max_length=4000)]
Number = Annotated[float, Field(ge=0, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Positive = Annotated[float, Field(gt=0, strict=True)]
Ref = Annotated[Name | Literal[0, 1], Field(union_mode="left_to_right"), BeforeValidator(_ref)]
"""A parameter's name, or the bare number 0 or 1 where nothing could be tuned."""
Names = Annotated[tuple[Name, ...], BeforeValidator(listed, json_schema_input_type=Name | tuple[Name, ...])]
SomeNames = Annotated[
    tuple[Name, ...],
    Field(min_length=1),
    BeforeValidator(listed, json_schema_input_type=Name | Annotated[tuple[Name, ...], Field(min_length=1)]),
]
Levels = Annotated[
    tuple[Level, ...],
    Field(min_length=1),
    BeforeValidator(listed, json_schema_input_type=Level | Annotated[tuple[Level, ...], Field(min_length=1)]),
]
Conjunction = Annotated[Mapping[Name, Levels], AfterValidator(FrozenDict)]
Condition = Annotated[
    tuple[Conjunction, ...], BeforeValidator(listed, json_schema_input_type=Conjunction | tuple[Conjunction, ...])
]
"""A conjunction ``{factor: [levels]}``, or a list of them, of which one must hold; ``{}`` always holds,
and so does an empty list (a condition left out)."""
Changes = Annotated[Mapping[Name, Level], AfterValidator(FrozenDict)]
Years = Annotated[
    float, Field(gt=0, le=1000, strict=True), BeforeValidator(_years, json_schema_input_type=YearsText | float)
]


class Model(BaseModel):
    """Frozen, without unknown keys, described by the docstrings of its attributes."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False, strict=False
    )
