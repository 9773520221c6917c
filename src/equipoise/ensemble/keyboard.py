"""An interrupt from the keyboard that cannot be lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heard() -> Iterator[Callable[[], None]]:
    """A check that raises KeyboardInterrupt if there was an interrupt since, even one that Python has dropped.

    Exceptions in finalisers and callbacks of weak references are printed and forgotten, the keyboard's among them: a
    run that is interrupted at that instant would go on to its end. In other threads than the main one, which alone is
    interrupted, the check never raises.
    """
    before = signal.getsignal(signal.SIGINT)
    interrupted: list[int] = []

    def check() -> None:
        if interrupted:
            raise KeyboardInterrupt

    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield check
        return

    def note(number: int, frame: FrameType | None) -> None:
        interrupted.append(number)
        before(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
