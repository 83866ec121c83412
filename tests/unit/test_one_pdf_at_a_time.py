"""Pages of letters that are asked for at the same moment, in the threads of one server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LETTERS = [
    Path(__file__).parents[1] / "samples/letters/old-council-letter.pdf",
    Path(__file__).parents[1] / "fuzz/corpus/documents/letter.pdf",
]
SEVERAL_AT_ONCE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
sys.setswitchinterval(1e-6)
from everyfamily.documents.pdf.pdf_letter import read
from everyfamily.rendering.page_pictures import page_picture, page_words

letters = [Path(name).read_bytes() for name in sys.argv[1:]]

def look(number):
    data = letters[number % len(letters)]
    assert page_picture(data, 1, dots_per_inch=40) is not None
    assert page_words(data)
    return len(read(data, "letter.pdf").blocks)

alone = [look(number) for number in range(2)]
with ThreadPoolExecutor(8) as several:
    assert list(several.map(look, range(200))) == alone * 100
"""


def test_several_threads_open_pdfs_and_the_program_goes_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL_AT_ONCE, *map(str, LETTERS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr[-400:]) == (0, "")
