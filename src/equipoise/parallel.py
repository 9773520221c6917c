"""One function for every item, here or by whatever executor is handed in; the order of results is that of the items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, as_completed
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    act: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    executor: Executor | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> list[Result]:
    """The results of a function for some items, in their order.

    Args:
        act: must depend on nothing but its item; an executor of processes must be able to pickle it.
        items: what it is applied to.
        executor: any of the protocol of `concurrent.futures`; None does it here, one after the other.
        progress: told the share that is done.
    """
    todo = list(items)
    progress(0.0)
    if executor is None:
        results = []
        for k, item in enumerate(todo, start=1):
            results.append(act(item))
            progress(k / len(todo))
        return results
    futures = [executor.submit(act, item) for item in todo]
    try:
        for k, future in enumerate(as_completed(futures), start=1):
            future.result()  # A fault is raised as soon as it is known.
            progress(k / len(todo))
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [future.result() for future in futures]
