"""Make the README's pictures from a run of the demo and a check of an old letter."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from pictures import chromium, picture_of_html, picture_of_pdf, picture_of_terminal
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

from everyfamily.parentsite.serving import site_app
from everyfamily_demo.sign_ins import code_now

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "pictures"
OLD_LETTER = "old-council-letter.docx"


def main() -> None:
    """Run the demo in its own folder and draw what it made."""
    OUT.mkdir(parents=True, exist_ok=True)
    picture_of_terminal(run_check(), OUT / "check.png")
    picture_of_check_page(OUT / "check-in-a-browser.png")
    picture_of_approving(OUT / "approving.png")
    picture_of_home_pages(OUT / "desk.png")
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
        picture_of_site(demo / "site" / "public", OUT / "parent-site.png")


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


def picture_of_check_page(out: Path) -> None:
    """The old letter of the samples as the check shows it in a browser: the verdict, and the top of the letter."""
    command = [sys.executable, "-m", "everyfamily.cli.main", "check", "--serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served, sync_playwright() as play:
        assert served.stdout is not None
        address = next(word for word in served.stdout.readline().split() if word.startswith("http"))
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 1500})
        page.goto(address)
        page.get_by_label("Choose a file").set_input_files(ROOT / "tests" / "samples" / "letters" / OLD_LETTER)
        page.get_by_role("button", name="Check the letter").click()
        page.get_by_role("heading", level=1).wait_for()
        page.screenshot(path=out.with_suffix(".whole.png"))
        browser.close()
        served.terminate()
    top_of(out.with_suffix(".whole.png"), out, height=1500, width=900)
    out.with_suffix(".whole.png").unlink()


def picture_of_approving(out: Path) -> None:
    """The page on which a signatory approves, after one comma: the story of a letter keeps pictures of its pages."""
    story = "tests/journeys/test_a_letter_from_plan_to_site.py"
    with tempfile.TemporaryDirectory() as place:
        environment = os.environ | {"EVERYFAMILY_TEST_PICTURES": place}
        command = [sys.executable, "-m", "pytest", "-q", story]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        top_of(Path(place) / "changed.png", out, height=1400, width=900)
    Image.open(out).quantize(128).save(out, optimize=True)


def picture_of_home_pages(out: Path, port: int = 8347) -> None:
    """A coordinator's home page, and a safeguarding lead's on a phone, as a demonstration serves them."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "everyfamily.cli.main", "demo", "--port", str(port)]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as served:
            try:
                assert served.stdout is not None
                next(line for line in served.stdout if "Ctrl-C ends" in line)
                home_pages(f"http://localhost:{port + 1}", Path(folder) / "demo" / "keys" / "sign-ins.json", out)
            finally:
                served.terminate()


def home_pages(address: str, sign_ins: Path, out: Path) -> None:
    """The picture of two home pages, from where a demonstration serves them."""
    people = {one["role"]: one for one in json.loads(sign_ins.read_text(encoding="utf-8"))}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        desk = signed_in(browser, address, people["coordinator"], 1200, 800).screenshot()
        phone = signed_in(browser, address, people["lead"], 390, 800).screenshot()
        browser.close()
    left, right = Image.open(io.BytesIO(desk)), Image.open(io.BytesIO(phone))
    ground = Image.new("RGB", (left.width + 40 + right.width, left.height), "#ffffff")
    ground.paste(left, (0, 0))
    ground.paste(right, (left.width + 40, 0))
    ground.quantize(128).save(out, optimize=True)


def signed_in(browser: Browser, address: str, person: dict[str, str], width: int, height: int) -> Page:
    """The home page of somebody of the demonstration, who signs in with the code that an app would show."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=login]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.locator("input[name=password]").press("Enter")
    page.locator("input[name=code]").fill(code_now(person["secret"], time.time()))
    page.locator("input[name=code]").press("Enter")
    page.get_by_role("heading", level=1).filter(has_text="wait").wait_for()
    return page


def picture_of_site(public: Path, out: Path) -> None:
    """Three pages of the parent site on a phone, side by side: signs, what was noticed, and the same site in Urdu."""
    server = create_server(site_app(public, ""), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    shots = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=1.5)
        for path, chosen in (
            ("spring-2027/signs/", ()),
            ("spring-2027/noticed/", ("#c8", "#c12", "#c19")),
            ("ur/help/", ()),
        ):
            for _ in range(2):  # a font that comes late waits for the next page
                page.goto(f"http://127.0.0.1:{server.effective_port}/{path}", wait_until="networkidle")
            for one in chosen:
                page.check(one)
            if chosen:
                page.evaluate("document.querySelector('#sheet').scrollIntoView()")
            page.wait_for_timeout(300)
            shots.append(Image.open(io.BytesIO(page.screenshot())))
        browser.close()
    server.close()
    gap = 30
    ground = Image.new("RGB", (sum(one.width for one in shots) + 4 * gap, shots[0].height + 2 * gap), "#e8e3d8")
    for number, one in enumerate(shots):
        ground.paste(one, (gap + number * (one.width + gap), gap))
    ground.resize((ground.width * 2 // 3, ground.height * 2 // 3)).quantize(128).save(out, optimize=True)


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
