"""Make the README's pictures from a run of the demo and a check of an old letter."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pictures import picture_of_html, picture_of_pdf, picture_of_terminal
from PIL import Image

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "pictures"
OLD_LETTER = "old-council-letter.docx"


def main() -> None:
    """Run the demo in a folder of its own and draw what it made."""
    OUT.mkdir(parents=True, exist_ok=True)
    picture_of_terminal(run_check(), OUT / "check.png")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        terminal = run_demo(folder)
        demo = folder / "demo"
        picture_of_terminal(terminal, OUT / "demo.png")
        letter = demo / "letter" / "files" / "en" / "letter.pdf"
        for page in (1, 2):
            picture_of_pdf(letter, folder / f"{page}.png", page=page, dpi=80)
        beside(folder / "1.png", folder / "2.png", OUT / "letter.png")
        picture_of_html(demo / "coverage.html", 1280, folder / "coverage.png")
        top_of(folder / "coverage.png", OUT / "coverage.png", height=2400, width=900)
        picture_of_html(demo / "letter" / "files" / "en" / "email.html", 390, folder / "email.png", scale=2)
        top_of(folder / "email.png", OUT / "email-phone.png", height=1680, width=390)


def run_demo(folder: Path) -> str:
    """Run the demo; returns what a colour terminal of 96 columns shows."""
    environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": "96", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "everyfamily.cli.main", "demo", "--no-serve"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout[done.stdout.rindex("everyfamily demo") :]


def run_check(lines: int = 60) -> str:
    """Check the old letter of the samples; returns the top of what a colour terminal of 80 columns shows."""
    environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": "80", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "everyfamily.cli.main", "check", OLD_LETTER, "--today", "2027-06-20"]
    where = ROOT / "tests" / "samples" / "letters"
    done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True)
    if done.returncode != 1:
        raise RuntimeError(done.stderr)
    return "\n".join([f"$ everyfamily check {OLD_LETTER}", *done.stdout.splitlines()[:lines], "…"])


def beside(left: Path, right: Path, out: Path) -> None:
    """Two pages side by side, on a little ground."""
    pages = [Image.open(left), Image.open(right)]
    gap = 24
    width = sum(page.width for page in pages) + 3 * gap
    ground = Image.new("RGB", (width, pages[0].height + 2 * gap), "#e8e3d8")
    ground.paste(pages[0], (gap, gap))
    ground.paste(pages[1], (pages[0].width + 2 * gap, gap))
    ground.save(out, optimize=True)


def top_of(picture: Path, out: Path, *, height: int, width: int) -> None:
    """The top of a long picture, at a width that loads quickly."""
    image = Image.open(picture)
    image = image.crop((0, 0, image.width, min(height, image.height)))
    image.resize((width, round(image.height * width / image.width))).save(out, optimize=True)


if __name__ == "__main__":
    main()
