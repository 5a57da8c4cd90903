"""Make the pictures of README and docs from the real product: a report, the index, the desk, a PDF page.

Run by `make pictures`; needs Chromium and poppler's pdftoppm. The pictures are of the two published forms.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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
        english = (folder / "params/leadership-training-2022.yaml").read_text(encoding="utf-8")
        (folder / "params/leadership-training-2022-en.yaml").write_text(
            english.replace("language: zh", "language: en")
        )
        subprocess.run([sys.executable, "-m", "perfkit", "report", "params"], cwd=folder, check=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=1.5)
            take(page, folder / "reports/online-learning-2022.html", "report.png")
            take(page, folder / "reports/leadership-training-2022-en.html", "report-en.png")
            take(page, folder / "reports/index.html", "index.png")
            browser.close()
        pdf_page(folder / "reports/leadership-training-2022.pdf", "pdf.png")
        desk(folder)


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


main()
