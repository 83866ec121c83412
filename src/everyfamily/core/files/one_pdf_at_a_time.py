"""The library that opens PDFs is not safe with several threads: two pages of a letter, asked for at the same moment,
ended the whole program. Hold this lock, from opening a document to closing it."""

from __future__ import annotations

from threading import RLock
from typing import Final

ONE_PDF_AT_A_TIME: Final = RLock()
