"""Make the pictures of README and docs from the real product: a report, the index, the desk, a PDF page.

Run by `make pictures`; needs Chromium, LibreOffice and poppler. The pictures are of the two published
forms.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
CHROMIUM = shutil.which("chromium")


def main() -> None:
    """Make a workspace, report on it, and take every picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("params", "notebooks"):
            shutil.copytree(ROOT / part, folder / part)
        report(folder, "params", "html,pdf,docx")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=1.5)
            take(page, folder / "reports/online-learning-2022.html", "report.png")
            take(page, folder / "reports/index.html", "index.png")
            take(page, in_english(folder), "report-en.png")
            browser.close()
        pdf_page(folder / "reports/leadership-training-2022.pdf", "pdf.png")
        word(folder / "reports/online-learning-2022.docx", "word.png")
        handed_in(folder)
        desk(folder)
    scan("scan.png")


def report(folder: Path, path: str, to: str, *more: str) -> None:
    """Report as a user does."""
    command = [sys.executable, "-m", "perfkit", "report", path, "--to", to, *more]
    subprocess.run(command, cwd=folder, check=True)


def in_english(folder: Path) -> Path:
    """Make a report in English in a folder of its own, so that no index counts its project twice."""
    chinese = (folder / "params/leadership-training-2022.yaml").read_text(encoding="utf-8")
    params = folder / "english.yaml"
    params.write_text(chinese.replace("language: zh", "language: en"), encoding="utf-8")
    report(folder, params.name, "html", "--out", "english")
    return folder / "english/english.html"


def take(page: Page, path: Path, name: str) -> None:
    """Take the first screen of a page."""
    page.goto(path.as_uri())
    page.screenshot(path=PICTURES / name)


def pdf_page(path: Path, name: str) -> None:
    """Take the first page of a PDF."""
    stem = PICTURES / name.removesuffix(".png")
    subprocess.run(
        ["pdftoppm", "-r", "90", "-png", "-singlefile", "-f", "1", "-l", "1", path, stem], check=True
    )


def word(path: Path, name: str) -> None:
    """Take the first page of a Word file and the one of the official form, side by side."""
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", path.parent / "word", path], check=True
    )
    with pdfium.PdfDocument(path.parent / "word" / f"{path.stem}.pdf") as pdf:
        turned = next(number for number, page in enumerate(pdf) if page.get_width() > page.get_height())
        pages = [pdf[number].render(scale=1.1).to_pil() for number in (0, turned)]
    drawn = Image.new("RGB", (sum(p.width for p in pages) + 60, max(p.height for p in pages) + 40), "#dfe3e8")
    left = 20
    for page in pages:
        drawn.paste(page, (left, 20))
        left += page.width + 20
    drawn.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(PICTURES / name, optimize=True)


def handed_in(folder: Path) -> None:
    """Take the summary's first screen, and a work list as LibreOffice prints it."""
    perfkit = [sys.executable, "-m", "perfkit"]
    subprocess.run([*perfkit, "summary", "--to", "html"], cwd=folder, check=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        take(page, folder / "reports/summary.html", "summary.png")
        browser.close()
    listed = ["check", "params/leadership-training-2022.yaml", "--by", "unit", "--to", "worklists"]
    subprocess.run([*perfkit, *listed, "--language", "zh", "--profile", "hubei"], cwd=folder, check=False)
    book = next((folder / "worklists").glob("*.xlsx"))
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, book], check=True)
    with pdfium.PdfDocument(folder / f"{book.stem}.pdf") as pdf:
        printed = pdf[0].render(scale=1.4).to_pil().convert("P", palette=Image.Palette.ADAPTIVE, colors=48)
        printed.save(PICTURES / "worklist.png", optimize=True)


def scan(name: str) -> None:
    """Draw a form and spoil it as a telephone does; take what its reading doubts."""
    from io import BytesIO

    from PIL import Image

    sys.path.insert(0, str(ROOT))
    from tests.readers.scanning import spoiled

    picture = Image.open(BytesIO(spoiled("library", "photographed")))
    with tempfile.TemporaryDirectory() as folder:
        picture.save(Path(folder) / "scan.png")
        command = [sys.executable, "-m", "perfkit", "import", "scan.png", "--explain", "--to", "scan.html"]
        subprocess.run(command, cwd=folder, env=os.environ | {"PERFKIT_LANGUAGE": "zh"}, check=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1100, "height": 900})
            take(page, Path(folder) / "scan.html", "explained.png")
            browser.close()
    with Image.open(PICTURES / "explained.png") as explained:
        explained.convert("P", palette=Image.Palette.ADAPTIVE, colors=32).save(
            PICTURES / "explained.png", optimize=True
        )
    picture.thumbnail((900, 900))
    picture.convert("L").quantize(24).save(PICTURES / name, optimize=True)


def desk(folder: Path) -> None:
    """Take the what-if panel in a real JupyterLab, one value moved."""
    sys.path.insert(0, str(ROOT))
    from tests.desk.test_lab import lab, open_and_run

    with lab(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(120_000)
        open_and_run(page, address, "explore.ipynb")
        box = page.locator(".pk-actual-2 input")
        box.fill("300课时")
        box.press("Enter")
        page.locator(".pk-total").get_by_text("(+0.90)").first.wait_for()
        page.locator(".pk-total").scroll_into_view_if_needed()
        page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
        page.locator(".pk-total").evaluate("e => e.scrollIntoView({block: 'start'})")
        page.screenshot(path=PICTURES / "desk.png")
        browser.close()


if __name__ == "__main__":
    main()
