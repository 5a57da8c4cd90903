"""Texts that real programs make of invented forms, read back: `make texts` prints the whole table.

Chrome's copy and innerText, BeautifulSoup's get_text, LibreOffice's text, CSV and web page, pdftotext in its
modes. Prints for each program what share of the values is right, which are wrong without a word (there must be
none), and how many forms are refused or doubted though every value of them is right.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path

from perfkit.errors import DataError
from perfkit.readers.formats import parse
from tests.readers.books import book, page, spans
from tests.readers.invented import FORMS, LAYOUTS, laid_out, truth

BROWSER, OFFICE, LAYOUT = (shutil.which(name) for name in ("chromium", "soffice", "pdftotext"))


def notation(rows):
    """Give rows of cells as books.py writes them."""
    return "\n".join(" | ".join(row) for row in rows)


def with_paragraphs(html):
    """Put a paragraph in each cell, as Word's pages and most government ones have."""
    return re.sub(r"(<td[^>]*>)(.*?)(</td>)", r"\1<p>\2</p>\3", html, flags=re.DOTALL)


def browser_texts(pages):
    """Give what Chrome copies of each page and shows as its text, by (page, program)."""
    from playwright.sync_api import sync_playwright

    made = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER)
        tab = browser.new_page()
        for name, html in pages.items():
            for kind, text in (("", html), (" of paragraphs", with_paragraphs(html))):
                tab.set_content(text)
                copied = "() => { getSelection().selectAllChildren(document.body); return getSelection().toString() }"
                made[name, f"Chrome's copy{kind}"] = tab.evaluate(copied)
                made[name, f"innerText{kind}"] = tab.evaluate("document.body.innerText")
        browser.close()
    return made


def soup_texts(pages):
    """Give the texts of each page as BeautifulSoup parts them."""
    from bs4 import BeautifulSoup

    between = {"lines": "\n", "tabs": "\t", "bars": "|"}
    return {
        (name, f"get_text in {kind}"): BeautifulSoup(html, "lxml").get_text(mark, strip=True)
        for name, html in pages.items()
        for kind, mark in between.items()
    }


def word(rows):
    """Make a Word document with one table, and its title above it."""
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    document.styles["Normal"].font.size = Pt(8)
    document.sections[0].left_margin = document.sections[0].right_margin = Cm(1.2)
    table = document.add_table(len(rows), len(rows[0]))
    table.style = "Table Grid"
    for r, c, tall, wide, text in spans(rows):
        cell = table.cell(r, c)
        if (tall, wide) != (1, 1):
            cell = cell.merge(table.cell(r + tall - 1, c + wide - 1))
        cell.text = text
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def office_texts(drawn, folder):
    """Give LibreOffice's text, CSV and web page of each form, and pdftotext's of its PDF."""
    for name, rows in drawn.items():
        (folder / f"{name}.docx").write_bytes(word(rows))
        (folder / f"{name}.xlsx").write_bytes(book(notation(rows)))
    for to, ending in (
        ("txt:Text (encoded):UTF8", "docx"),
        ("pdf", "docx"),
        ("csv:Text - txt - csv (StarCalc):44,34,76", "xlsx"),
        ("html", "xlsx"),
    ):
        command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to,
                   "--outdir", folder, *folder.glob(f"*.{ending}")]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=1200)
    made = {}
    for name in drawn:
        made[name, "LibreOffice's text"] = (folder / f"{name}.txt").read_bytes()
        made[name, "LibreOffice's CSV"] = (folder / f"{name}.csv").read_bytes()
        made[name, "LibreOffice's web page"] = (folder / f"{name}.html").read_bytes()
        made[name, "PDF with rules"] = (folder / f"{name}.pdf").read_bytes()
        for mode in ("-layout", "-raw", "-table", ""):
            command = [LAYOUT, *([mode] if mode else []), folder / f"{name}.pdf", "-"]
            ran = subprocess.run(command, check=False, capture_output=True)
            if ran.returncode == 0:
                made[name, f"pdftotext {mode}".strip()] = ran.stdout
    return made


def flat(form):
    """Give every value of a form by its path, without blanks."""
    found = {}

    def gather(path, part):
        if isinstance(part, dict):
            for name, value in part.items():
                gather(f"{path}.{name}" if path else name, value)
        elif isinstance(part, list):
            for n, value in enumerate(part):
                gather(f"{path}[{n}]", value)
        elif part is not None and not path.endswith(".place"):
            found[path] = re.sub(r"\s+", "", str(part))

    gather("", {key: part for key, part in form.to_dict().items() if key not in {"source", "reading"}})
    return found


def same(one, other):
    """Tell whether two values are the same, as figures or as texts without blanks."""
    if re.sub(r"\s+", "", one) == re.sub(r"\s+", "", other):
        return True
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def wrong(form, expected):
    """Give the paths whose value is not the expected one, and those of values that nobody printed."""
    got = flat(form)
    kept = {path for path in got if path.startswith(("indicators", "budget", "goals")) or path in expected}
    missed = {path for path, text in expected.items() if not same(text, got.get(path, ""))}
    return missed | (kept - expected.keys())


def asked(form):
    """Give the paths that a reading asks to be checked, or None where it asks for all of them."""
    doubts = form.reading.doubts
    if any("every value" in doubt.why.en for doubt in doubts):
        return None
    return {doubt.path for doubt in doubts}


def silent(form, expected):
    """Give the wrong values that a reading does not ask to be checked: by path, by row, or as a whole."""
    doubted = asked(form)
    if doubted is None:
        return set()
    listed = re.sub(r"\s+", "", " ".join(cell.text for cell in form.unread))
    return {
        path
        for path in wrong(form, expected)
        if not any(path == each or (each and path.startswith(f"{each}.")) for each in doubted)
        and not (path not in flat(form) and re.sub(r"\s+", "", expected[path]) in listed)
    }


def ending(data, program):
    """Give the name of the file that a program makes."""
    if "PDF" in program:
        return "form.pdf"
    if "page" in program:
        return "form.html"
    return "form.csv" if "CSV" in program else "form.txt"


def outcome(data, program, expected):
    """Read one text: (forms read, values right, wrong and silent, state), and what to say of it."""
    data = data.encode() if isinstance(data, str) else data
    try:
        forms = parse(data, ending(data, program))
    except DataError as error:
        return 0, set(), "refused", str(error).splitlines()[0]
    if len(forms) != 1:
        return 0, set(), "forms", f"{len(forms)} forms"
    (form,) = forms
    missed = wrong(form, expected)
    state = form.reading.state if missed else f"{form.reading.state}, all right"
    told = "; ".join(f"{d.path} {d.text[:14]} ({d.why.en})" for d in form.reading.doubts[:3])
    return len(expected) - len(missed & expected.keys()), silent(form, expected), state, told


def texts_of(drawn, folder, *, office=True):
    """Give every text that the programs make of the drawn forms."""
    pages = {name: page(notation(rows)).decode() for name, rows in drawn.items()}
    made = soup_texts(pages)
    made |= browser_texts(pages) if BROWSER else {}
    made |= office_texts(drawn, folder) if office and OFFICE and LAYOUT else {}
    return made


def main(layouts=LAYOUTS, *, office=True):
    """Print the table of all texts of the layouts, a line a program; tell the silent ones on stderr."""
    named = {f"{name} {each}": (FORMS[each], layout) for name, layout in layouts.items() for each in FORMS}
    drawn = {name: laid_out(form, layout) for name, (form, layout) in named.items()}
    table = {}
    with tempfile.TemporaryDirectory() as folder:
        for (name, program), data in texts_of(drawn, Path(folder), office=office).items():
            expected = truth(*named[name])
            right, unsaid, state, told = outcome(data, program, expected)
            table.setdefault(program, []).append((len(expected), right, len(unsaid), state))
            if unsaid or state != "proven, all right":
                counts = f"{right}/{len(expected)} {state}"
                print(f"{name:32} {program:28} {counts}: {told} {sorted(unsaid) or ''}", file=sys.stderr)
    print("program                        values  of read right  wrong and silent  refused  proven  doubted")
    for program, found in sorted(table.items()):
        read = [each for each in found if each[3] not in {"refused", "forms"}]
        values, right, unsaid = (sum(each[n] for each in read) for n in range(3))
        proven = sum(each[3].startswith("proven") for each in read)
        counts = f"{len(found) - len(read):7} {proven:7} {len(read) - proven:8}"
        print(f"{program:29} {values:7} {right / max(values, 1):14.1%} {unsaid:17} {counts}")


if __name__ == "__main__":
    some = sys.argv[1:]
    main({name: each for name, each in LAYOUTS.items() if not some or any(part in name for part in some)})
