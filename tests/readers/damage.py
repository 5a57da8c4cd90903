"""Sound forms with one cell or line damaged, in every format: none may pass as another form that is proven.

Drops a cell (not its text), shifts or splits one, swaps cells of different columns, or drops a line of the
head. `python -m tests.readers.damage` tries it on all invented layouts and prints what passes in silence.
"""

import copy
import io
import random
import re
import sys
import unicodedata
import zipfile
from collections import Counter
from xml.sax.saxutils import escape

from openpyxl import Workbook

from perfkit.errors import DataError
from perfkit.readers.formats import parse
from tests.readers.books import spans
from tests.readers.invented import FORMS, LAYOUTS, laid_out, truth
from tests.readers.text_table import flat, wrong

KINDS = ("drop", "shift", "split", "swap", "line")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}  # fmt: skip


def drawn(rows):
    """Give the lines of a form: for each the cells that begin on it, as (tall, wide, text, column)."""
    lines = {n: [] for n in range(len(rows))}
    for r, c, tall, wide, value in spans(rows):
        lines[r].append((tall, wide, value, c))
    return [lines[n] for n in sorted(lines)]


def placed(lines):
    """Give (row, column, tall, wide, text) of each cell as a browser places it: in the first free columns."""
    taken = set()
    for r, line in enumerate(lines):
        c = 0
        for tall, wide, text, _ in line:
            while (r, c) in taken:
                c += 1
            taken |= {(r + down, c + right) for down in range(tall) for right in range(wide)}
            yield r, c, tall, wide, text
            c += wide


def web(lines):
    """Make a web page."""
    rows = ("".join(f"<td rowspan={t} colspan={w}>{escape(v)}</td>" for t, w, v, _ in row) for row in lines)
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<html><meta charset=utf-8><table>{table}</table></html>".encode()


def book(lines):
    """Make an Excel book: a dropped cell lets those to its right move up."""
    made = Workbook()
    for r, c, tall, wide, text in placed(lines):
        if text:
            made.active.cell(r + 1, c + 1, _figure(text))
        if (tall, wide) != (1, 1):
            made.active.merge_cells(
                start_row=r + 1, start_column=c + 1, end_row=r + tall, end_column=c + wide
            )
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _figure(text):
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else text


def word(lines):
    """Make a Word document: a cell that goes on below is a cell of its own there."""
    rows = [[] for _ in lines]
    for r, c, tall, wide, text in placed(lines):
        for down in range(min(tall, len(lines) - r)):
            merge = "" if tall == 1 else '<w:vMerge w:val="restart"/>' if not down else "<w:vMerge/>"
            run = f"<w:r><w:t>{escape(text)}</w:t></w:r>" if text and not down else ""
            cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{wide}"/>{merge}</w:tcPr><w:p>{run}</w:p></w:tc>'
            rows[r + down].append((c, cell))
    body = "".join(f"<w:tr>{''.join(cell for _, cell in sorted(row))}</w:tr>" for row in rows)
    text = f'<w:document xmlns:w="{_WORD}"><w:body><w:tbl>{body}</w:tbl></w:body></w:document>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, part in {**_PARTS, "word/document.xml": text}.items():
            made.writestr(name, part)
    return target.getvalue()


def tabs(lines):
    """Make what a browser copies: tabs, and a cell that spans rows only in its first."""
    return "\n".join("\t".join(v for _, _, v, _ in row) for row in lines).encode()


def bars(lines):
    """Make the table that markdownify and html2text write: short rows, no blank for what is spanned."""
    rows = [f"| {' | '.join(v for _, _, v, _ in row)} |" for row in lines]
    rule = "| --- " * max(map(len, lines)) + "|"
    return "\n".join([rows[0], rule, *rows[1:]]).encode()


def stream(lines):
    """Make one cell a line."""
    return "\n".join(v for row in lines for _, _, v, _ in row if v).encode()


def commas(lines):
    """Make the CSV of the sheet: the fields that a cell spans are blank."""
    cells = {(r, c): text for r, c, _, _, text in placed(lines)}
    wide = max(sum(w for _, w, _, _ in line) for line in lines)
    cells = {at: text.replace('"', '""') for at, text in cells.items()}
    quoted = ([f'"{cells.get((r, c), "")}"' for c in range(wide)] for r in range(len(lines)))
    return "\n".join(",".join(row) for row in quoted).encode()


def laid(lines):
    """Make the text that pdftotext lays out: columns by blanks, each as wide as its widest cell needs."""
    cells = sorted(placed(lines), key=lambda cell: (cell[1] + cell[3], cell[1]))
    starts = [0] * (max(c + wide for _, c, _, wide, _ in cells) + 1)
    for _, c, _, wide, text in cells:
        need = starts[c] + _width(text) + 3 - starts[c + wide]
        for n in range(c + wide, len(starts)) if need > 0 else ():
            starts[n] += need
    found = []
    for r in range(len(lines)):
        line = ""
        for _, c, _, _, text in sorted(cell for cell in cells if cell[0] == r):
            line += " " * (starts[c] - _width(line)) + text
        found.append(line.rstrip())
    return "\n".join(found).encode()


def _width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


FORMATS = {
    "page": (web, "form.html"), "book": (book, "form.xlsx"), "word": (word, "form.docx"),
    "tabs": (tabs, "form.txt"), "bars": (bars, "form.md"), "stream": (stream, "form.txt"),
    "commas": (commas, "form.csv"), "laid": (laid, "form.txt"),
}  # fmt: skip


def changed(lines, kind, chance, among=None):
    """Damage a form in one place, or give None where what was chosen cannot be damaged so."""
    lines = copy.deepcopy(lines)
    among = among or range(2, len(lines))
    row = lines[chance.choice(among)]
    if kind == "line":
        del lines[chance.choice([n for n, line in enumerate(lines[:6]) if n and _says_whose(line)])]
        return lines
    at = chance.randrange(len(row))
    tall, wide, value, column = row[at]
    if kind == "drop":
        if _INLINE.match(value):
            return None  # a text that names itself is optional
        del row[at]
    elif kind == "shift":
        row.insert(at, (1, 1, "", column))
    elif kind == "split":
        if len(value) < 2:
            return None
        cut = chance.randrange(1, len(value))
        row[at : at + 1] = [(tall, wide, value[:cut], column), (tall, wide, value[cut:], column)]
    else:
        other = lines[chance.choice(among)]
        place = chance.randrange(len(other))
        if other[place][3] == column or other[place][2] == value or _is_alike(lines, value, other[place][2]):
            return None
        row[at] = (tall, wide, other[place][2], column)
        other[place] = (*other[place][:2], value, other[place][3])
    return lines


_INLINE = re.compile("[^:：]{2,8}[:：]")


def _says_whose(line):
    """Tell whether a line has the year, the project or all offices of a form: no form goes without."""
    text = "".join(cell[2] for cell in line)
    offices = "主管" in text and "实施" in text
    return bool(re.search("年度）|项目(支出)?名称", text)) or offices


def _is_alike(lines, one, other):
    """Tell whether nothing but knowledge tells two texts apart: the names of project and rows, 100 and 100%."""
    project = next((cell[2] for line in lines[2:4] for cell in line[1:2]), "")
    return project in {one, other} or one.rstrip("%") == other.rstrip("%")


def is_blanked(lines, damaged):
    """Tell whether a sheet looks as if a cell had only been cleared: those to its right are blank."""
    one, other = ({cell[:2]: cell[4] for cell in placed(each) if cell[4]} for each in (lines, damaged))
    return other.items() < one.items()


def unlike(sound, form):
    """Give the values in which two forms differ, but for blanks: a cell over two lines says the same."""
    one, other = ({path: text.rstrip("。") for path, text in flat(each).items()} for each in (sound, form))
    return {
        path: (one.get(path), other.get(path))
        for path in one | other
        if one.get(path) != other.get(path)
        and not (path.startswith("budget") and {one.get(path), other.get(path)} == {"0", None})
    }


def silent(sound, made, name, damaged):
    """Give what a damaged form says otherwise than the sound one although its reading is proven."""
    try:
        forms = parse(made(damaged), name)
    except DataError:
        return {}
    if any(form.reading.state == "doubted" for form in forms):
        return {}
    return {path: pair for form in forms for path, pair in unlike(sound, form).items()}


def difference(lines, damaged):
    """Say in which lines a damaged form differs."""
    one, other = ([" | ".join(cell[2] for cell in row) for row in each] for each in (lines, damaged))
    return [f"- {row}" for row in one if row not in other] + [f"+ {row}" for row in other if row not in one]


def sound_form(name, each, key):
    """Give the lines of a form, how it is made, its reading, and whether that is right and without a doubt."""
    lines, (made, file) = drawn(laid_out(FORMS[key], LAYOUTS[name])), FORMATS[each]
    (form,) = parse(made(lines), file)
    missed = wrong(form, truth(FORMS[key], LAYOUTS[name]))
    return lines, made, file, form, form.reading.state == "proven" and not missed


def main(times=2, formats=tuple(FORMATS), seed="1", only=""):
    """Try every layout and print what passes in silence, and how often by format and kind."""
    tried, passed = Counter(), Counter()
    for name, each in ((name, each) for name in LAYOUTS if only in name for each in formats):
        chance = random.Random(f"{seed} {name} {each}")
        key = chance.choice(list(FORMS))
        lines, made, file, sound, proven = sound_form(name, each, key)
        tried[each, "sound"] += 1
        passed[each, "sound"] += not proven
        if not proven:
            print(f"{name} {key} {each}: {[str(d) for d in sound.reading.doubts][:3]}", flush=True)
        for kind in KINDS * times if sound.reading.state == "proven" else ():
            damaged = changed(lines, kind, chance)
            if damaged is None or (each in {"book", "commas", "laid"} and is_blanked(lines, damaged)):
                continue
            tried[each, kind] += 1
            unsaid = silent(sound, made, file, damaged)
            if unsaid:
                passed[each, kind] += 1
                print(f"{name} {key} {each} {kind}: {dict(list(unsaid.items())[:3])}")
                print("    " + "\n    ".join(difference(lines, damaged)[:4]), flush=True)
    for each, kind in tried:
        print(f"{each:8} {kind:6} {passed[each, kind]:4} of {tried[each, kind]}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].split(",") if sys.argv[2:] else tuple(FORMATS), *sys.argv[3:])
