"""The store of an ensemble: a folder in the Zarr format (version 3) that xarray opens as a dataset.

One array for each `Field`, its first dimension the draw, cut into chunks of one unit of work. A chunk is written to a
file beside its place and then renamed, so that it is there whole or not at all; `status` is written last, and a draw
counts as done when its status is there. A writer that is killed therefore loses the unit it was writing, and nothing
else; one that goes on works on the draws whose status is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.claims.cases import Case
from equipoise.ensemble.layout import FIELDS, Axes, DrawStatus, Field, Records
from equipoise.ensemble.parents import Values
from equipoise.ensemble.plan import Plan
from equipoise.ensemble.work import Unit
from equipoise.equilibrium.convention import Convention
from equipoise.errors import RequestError

if TYPE_CHECKING:
    import zarr

FORMAT = 1
"""Version of this layout."""
PARENTS = "parents"
"""The group within that holds the parents' V."""
LAST = "status"
"""The array whose entry says that a draw is done."""


@dataclass(frozen=True, eq=False)
class Store:
    """An ensemble on disk."""

    folder: Path
    group: zarr.Group

    @property
    def about(self) -> dict[str, Any]:
        """What the ensemble is of: `Plan.to_dict`, `command`, and the form of the layout."""
        return dict(self.group.attrs.asdict())

    @property
    def axes(self) -> Axes:
        """Names along the second dimensions."""
        return Axes(**{name: tuple(map(str, self._array(name)[:])) for name in Axes.__dataclass_fields__})

    @property
    def draws(self) -> int:
        """Draws that there is room for, done or not."""
        return int(self._array(LAST).shape[0])

    @property
    def unit(self) -> int:
        """Draws in a chunk."""
        return int(self._array(LAST).chunks[0])

    def read(self, name: str, first: int = 0, last: int | None = None) -> Any:
        """Some draws, all unless told otherwise, of one array."""
        return self._array(name)[first:last]

    def missing(self) -> Iterator[Unit]:
        """The draws not done yet, as units in order, none across a chunk's border."""
        for first in range(0, self.draws, self.unit):
            todo = np.flatnonzero(self.read(LAST, first, first + self.unit) == DrawStatus.MISSING)
            for part in np.split(todo, np.flatnonzero(np.diff(todo) > 1) + 1) if todo.size else ():
                yield Unit(first + int(part[0]), first + int(part[-1]) + 1)

    def write(self, unit: Unit, records: Records) -> None:
        """Write the records of a unit, last of all that they are there.

        Raises:
            OSError: they could not be written (a full disk, say); then the unit counts as not done.
        """
        for field in sorted(FIELDS, key=lambda field: field.name == LAST):
            self._array(field.name)[unit.first : unit.last] = records[field.name]

    def extend(self, draws: int) -> None:
        """Make room for more draws."""
        for field in sorted(FIELDS, key=lambda field: field.name == LAST):
            array = self._array(field.name)
            if array.shape[0] < draws:
                array.resize((draws, *array.shape[1:]))

    def parents(self, plan: Plan) -> dict[Convention, Values]:
        """The parents' V by convention and case, as `create` was given them."""
        found: dict[Convention, Values] = {convention: {} for convention in plan.conventions}
        group: Any = self.group[PARENTS]
        for name in sorted(group.array_keys()):
            array = group[name]
            told = dict(array.attrs)
            value = np.asarray(array[:]) if told["certified"] else None
            found[plan.conventions[told["convention"]]][_case(told["case"])] = value
        return found

    def _array(self, name: str) -> Any:
        return self.group[name]


def create(folder: Path, plan: Plan, values: dict[Convention, Values], *, draws: int, unit: int) -> Store:
    """An empty store. It is made beside its place and then renamed, so that it is there whole or not at all.

    Raises:
        RequestError: the extra is not installed, or something else is in the folder.
        OSError: it cannot be written.
    """
    import zarr

    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f".{folder.name}.making")
    beside.mkdir(exist_ok=True)
    with locked(beside):
        group = zarr.open_group(beside, mode="w", zarr_format=3)
        cases = tuple(dict.fromkeys(case for found in values.values() for case in found))
        axes = Axes.of(plan, cases)
        for axis, names in vars(axes).items():
            _names(group, axis, names)
        for field in FIELDS:
            _room(group, field, (draws,) if field.across is None else (draws, axes.width(field)), unit)
        parents = group.create_group(PARENTS)
        for c, found in enumerate(values.values()):
            for k, (case, value) in enumerate(found.items()):
                told = {"convention": c, "case": _told(case), "certified": value is not None}
                _write_parent(parents, f"{c:02d}-{k:04d}", value, told)
        group.attrs.update({"format": FORMAT, **plan.to_dict(), "command": plan.command})
        beside.rename(folder)
    return open_store(folder, write=True)


def open_store(folder: Path, *, write: bool = False) -> Store:
    """A store that is there.

    Raises:
        RequestError: the extra is not installed, or the folder holds no ensemble.
    """
    require_zarr()
    import zarr
    from zarr.errors import GroupNotFoundError

    try:
        group = zarr.open_group(folder, mode="r+" if write else "r")
    except (FileNotFoundError, GroupNotFoundError):
        group = None
    if group is None or group.attrs.get("format") != FORMAT:
        raise RequestError(f"{folder} holds no ensemble; right would be a folder that `equipoise explore` made")
    if write:
        for left in folder.rglob("*.partial"):  # of a writer that was killed
            left.unlink(missing_ok=True)
    return Store(folder, group)


def is_store(folder: Path) -> bool:
    """Whether there is something that looks like a store."""
    return (folder / "zarr.json").is_file()


def require_zarr() -> None:
    """Say in words that the extra is missing, if it is."""
    if not find_spec("zarr"):
        raise RequestError("an ensemble needs the extra that stores it: pip install 'equipoise[explore]'")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one writer; the lock goes with the process, however that ends.

    Raises:
        RequestError: another process holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such locks
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RequestError(f"another process is working on {folder}; right would be to let it finish") from None
        yield
    finally:
        os.close(handle)


def _codec() -> Any:
    from zarr.codecs import BloscCodec

    return BloscCodec(cname="lz4", shuffle="shuffle")


def _names(group: zarr.Group, axis: str, names: tuple[str, ...]) -> None:
    """The coordinate of an axis, under its own name."""
    width = max(1, len(names))
    array = group.create_array(axis, shape=(len(names),), chunks=(width,), dtype="str", dimension_names=(axis,))
    if names:
        array[:] = np.array(names, dtype=object)


def _room(group: zarr.Group, field: Field, shape: tuple[int, ...], unit: int) -> None:
    group.create_array(
        field.name,
        shape=shape,
        chunks=(unit, *(max(1, width) for width in shape[1:])),
        dtype="str" if field.kind == "string" else field.kind,
        fill_value=field.fill,
        compressors=_codec(),
        dimension_names=("draw",) if field.across is None else ("draw", field.across),
        attributes=field.attributes,
    )


def _write_parent(group: zarr.Group, name: str, value: Any, told: dict[str, Any]) -> None:
    content = np.zeros((1, 1)) if value is None else value
    array = group.create_array(
        name, shape=content.shape, chunks=content.shape, dtype="float64", compressors=_codec(), attributes=told
    )
    array[:] = content


def _told(case: Case) -> dict[str, Any]:
    return dict(vars(case))


def _case(told: dict[str, Any]) -> Case:
    def tuples(value: Any) -> Any:
        return tuple(map(tuples, value)) if isinstance(value, list | tuple) else value

    return Case(**{name: tuples(value) for name, value in told.items()})
