"""One function for every item: the same results in the same order, whoever does it; a fault drops the rest."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from equipoise.parallel import each


def slowest_first(item: int) -> int:
    time.sleep(0.02 * (5 - item))
    return item * item


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_results_are_in_the_order_of_the_items(workers):
    done: list[float] = []
    if workers:
        with ThreadPoolExecutor(workers) as executor:
            found = each(slowest_first, range(5), executor=executor, progress=done.append)
    else:
        found = each(slowest_first, range(5), progress=done.append)
    assert found == [0, 1, 4, 9, 16]
    assert done == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]


def test_nothing_to_do():
    with ThreadPoolExecutor(1) as executor:
        assert each(slowest_first, [], executor=executor) == []


@pytest.mark.parametrize("parallel", [False, True])
def test_a_fault_is_raised_and_what_has_not_begun_is_dropped(parallel):
    begun = []

    def faulty(item: int) -> int:
        begun.append(item)
        time.sleep(0.05)
        raise ValueError(f"no {item}")

    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="no 0"):
        each(faulty, range(50), executor=executor if parallel else None)
    assert len(begun) < 5


def test_an_interruption_drops_what_has_not_begun():
    begun = []

    def interrupted(done: float) -> None:
        if done > 0:
            raise KeyboardInterrupt

    def act(item: int) -> None:
        begun.append(item)
        time.sleep(0.02)

    with ThreadPoolExecutor(1) as executor, pytest.raises(KeyboardInterrupt):
        each(act, range(50), executor=executor, progress=interrupted)
    assert len(begun) < 5
