"""Letters in print: processor time and bytes a letter, in bundles packed as they are now and as they were before.

ARGS="LETTERS..." (default 10 100: letters of a bundle). Both forms in turn, the same copies: as Typst writes them, as
until 29 November, and with their small objects in compressed streams (rendering/typesetting.py, `packed`). A single
letter stays as Typst writes it, because its bytes are sealed. The median of the rounds counts.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

SIZES = (10, 100)
ROUNDS = 5


def main() -> None:
    """Print what a letter costs in bundles of each size."""
    from everyfamily.core.text.gaps import PersonalGaps
    from everyfamily.rendering import pdf
    from tests.factories.demonstration import demo_letter

    letter, packed = demo_letter(), pdf.packed
    print(f"{'letters':>8}{'as written: ms, kB':>22}{'packed: ms, kB':>22}")
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        costs: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
        for number in range(ROUNDS):
            copies = [
                PersonalGaps((f"Ana Ferris{copy}", f"{number} Lantern Row", "EM4 7QX"), "Harbour School")
                for copy in range(size)
            ]
            for is_packed in (False, True):
                pdf.packed = packed if is_packed else lambda data: data
                costs[is_packed].append(cost(lambda copies=copies: pdf.render_bundle(letter, "en", copies), size))
        shown = [tuple(statistics.median(one) for one in zip(*costs[way], strict=True)) for way in (False, True)]
        print(
            f"{size:>8}" + "".join(f"{milliseconds:>14.1f}{kilobytes:>8.1f}" for milliseconds, kilobytes in shown)
        )


def cost(render: Callable[[], bytes], letters: int) -> tuple[float, float]:
    """Milliseconds of processor time and kilobytes a letter."""
    began = time.process_time()
    data = render()
    return (time.process_time() - began) / letters * 1000, len(data) / letters / 1000


if __name__ == "__main__":
    main()
