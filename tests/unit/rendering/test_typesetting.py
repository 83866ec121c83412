"""Typst behind one door: also for two threads that come at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.typesetting import forget, picture
from tests.factories.demonstration import HARBOUR, demo_letter

pytestmark = pytest.mark.slow

ROUNDS = 8


def a_letter(_number: int) -> bytes:
    return render_letter(demo_letter(), "en", HARBOUR)


def a_picture(number: int) -> bytes:
    # Another one each time: the same would be remembered and not drawn.
    return picture(f'<svg xmlns="http://www.w3.org/2000/svg" width="{number + 10}" height="10"/>', height_mm=5)


def a_sweep(_number: int) -> bytes:
    forget()
    return b""


@pytest.mark.parametrize("work", [a_letter, a_picture, a_sweep])
def test_threads_that_set_at_once_each_get_their_own(work: Callable[[int], bytes]) -> None:
    """Two sending threads of one process were told "Already borrowed" by the compiler that they shared."""
    alone = [work(number) for number in range(ROUNDS)]
    picture.cache_clear()
    together = threading.Barrier(2)
    made: list[list[bytes]] = []
    failed: list[BaseException] = []

    def at_once() -> None:
        try:
            together.wait(20)
            made.append([work(number) for number in range(ROUNDS)])
        except BaseException as problem:
            failed.append(problem)

    threads = [threading.Thread(target=at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert made == [alone, alone]
