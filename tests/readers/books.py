"""Books and pages with a form in them, written down as text: one line a row, cells parted by bars.

`<` goes on from the cell to the left, `^` from the cell above, as merged cells do.
"""

from io import BytesIO

from openpyxl import Workbook

from perfkit.readers.formats import parse


def rows_of(text):
    return [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines()]


def spans(rows):
    """Give (row, column, tall, wide, text) for each cell that is not a continuation."""
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in {"<", "^"}:
                continue
            wide = 1
            while c + wide < len(row) and row[c + wide] == "<":
                wide += 1
            tall = 1
            while r + tall < len(rows) and rows[r + tall][c : c + 1] == ["^"]:
                tall += 1
            yield r, c, tall, wide, text


def book(*sheets):
    """Make an Excel book with openpyxl, a sheet a text; figures become numbers."""
    made = Workbook()
    made.remove(made.active)
    for number, text in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"表{number}")
        for r, c, tall, wide, value in spans(rows_of(text)):
            if value:
                sheet.cell(r + 1, c + 1, _number(value))
            if (tall, wide) != (1, 1):
                sheet.merge_cells(start_row=r + 1, start_column=c + 1, end_row=r + tall, end_column=c + wide)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def page(*tables, head=""):
    """Make a web page, a table a text."""
    parts = [f"<html><head><meta charset='utf-8'></head><body><p>{head}</p>"]
    for text in tables:
        rows = rows_of(text)
        lines = {r: [] for r in range(len(rows))}
        for r, _, tall, wide, value in spans(rows):
            lines[r].append(f"<td rowspan={tall} colspan={wide}>{value.replace('<', '&lt;')}</td>")
        parts.append(
            "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for cells in lines.values()) + "</table>"
        )
    return ("".join(parts) + "</body></html>").encode()


def read(*sheets):
    return parse(book(*sheets), "book.xlsx")


def _number(text):
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        return text
