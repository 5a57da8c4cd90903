"""One small form with one oddity a file: each is read as a person sees it (tests/data/readers/trials)."""

from decimal import Decimal
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path

import pikepdf
import pytest

from perfkit.readers.formats import parse

TRIALS = Path(__file__).parents[1] / "data" / "readers" / "trials"
READERS = TRIALS.parent
ROWS = [
    ("≥40个", "42个", 20, 20, None),
    ("≥3000册", "2700册", 10, 9, "供货商到货晚；下一年提前签订合同"),
    ("≥95%", "98%", 10, 10, None),
    ("11月底前", "12月", 10, 8, "招标流标一次，延后一个月；今后提前编制采购计划"),
    ("≥20000人次", "23500人次", 15, 15, None),
    ("健全", "健全", 15, 15, None),
    ("≥90%", "96.67%", 10, 10, None),
]
OUTCOME = "四处书屋完成更新，添置书架42个、图书2700册，较计划少300册。"


def check(form, actual=None):
    rows = [(r.target, r.actual, r.weight, r.score, r.reason) for r in form.indicators]
    assert rows == [(t, actual if actual and n == 0 else a, *rest) for n, (t, a, *rest) in enumerate(ROWS)]
    total = form.budget.total
    assert [total.initial, total.adjusted, total.executed] == [120, 100, Decimal("96.67")]
    assert (total.rate, total.weight, total.score) == ("96.67%", 10, Decimal("9.67"))
    assert (form.project, form.year, form.total) == ("社区书屋更新", 2023, Decimal("96.67"))
    assert form.goals.outcome == OUTCOME
    assert [row.level1 for row in form.indicators][:5] == ["产出指标"] * 4 + ["效益指标"]


@pytest.mark.parametrize("file", sorted(path.name for path in TRIALS.iterdir()))
def test_each_trial_is_read_as_it_is_seen(file):
    (form,) = parse((TRIALS / file).read_bytes(), file)
    check(form, actual="一季度 20个；二季度 22个" if file == "actual_table.docx" else None)


def turned(document, change):
    pdf = pikepdf.open(document)
    for page in pdf.pages:
        change(pdf, page)
    target = BytesIO()
    pdf.save(target)
    return target.getvalue()


def rotated(degrees):
    return lambda _, page: page.rotate(degrees, relative=True)


def lain(degrees):
    """Turn the content itself, with the noise that a program's cosine leaves."""

    def change(pdf, page):
        left, low, right, high = (float(edge) for edge in page.mediabox)
        angle = degrees * pi / 180
        a, b = cos(angle), sin(angle)
        corners = [(x * a - y * b, x * b + y * a) for x in (left, right) for y in (low, high)]
        dx, dy = -min(x for x, _ in corners), -min(y for _, y in corners)
        page.contents_add(
            f"q {a:.20f} {b:.20f} {-b:.20f} {a:.20f} {dx:.6f} {dy:.6f} cm\n".encode(), prepend=True
        )
        page.contents_add(b"\nQ")
        if degrees % 180:
            page.mediabox = [0, 0, high - low, right - left]
            if "/CropBox" in page:
                page.cropbox = page.mediabox

    return change


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("turn", [rotated, lain], ids=["shown", "drawn"])
@pytest.mark.parametrize("name", ["ruled.pdf", "sheet.pdf", "unruled.pdf"])
def test_a_page_on_its_side_reads_as_one_that_stands(name, turn, degrees):
    document = READERS / name
    (stands,) = parse(document.read_bytes(), name)
    (lies,) = parse(turned(document, turn(degrees)), name)
    assert lies == stands


def test_a_page_that_is_drawn_on_its_side_and_shown_upright_is_left_alone():
    (stands,) = parse((READERS / "ruled.pdf").read_bytes(), "ruled.pdf")
    both = turned(BytesIO(turned(READERS / "ruled.pdf", lain(90))), rotated(90))
    assert parse(both, "ruled.pdf") == [stands]


def with_notes(*notes):
    """Give the ruled form with annotations in the places of some cells, given as (rectangle, entries)."""
    pdf = pikepdf.open(TRIALS / "acro.pdf")
    page = pdf.pages[0]
    kept = [note for note in page.Annots if str(note.get("/T", "")) != "f364_320"]
    box = next(note.Rect for note in page.Annots if str(note.get("/T", "")) == "f364_320")
    made = [
        pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=box, **entries))
        for entries in notes
    ]
    pdf.Root.AcroForm.Fields.extend(note for note in made if note.Subtype == pikepdf.Name.Widget)
    page.Annots = pdf.make_indirect(pikepdf.Array([*kept, *made]))
    target = BytesIO()
    pdf.save(target)
    return target.getvalue()


Name, String, Dict, Array = pikepdf.Name, pikepdf.String, pikepdf.Dictionary, pikepdf.Array
WIDGET = {"Subtype": Name.Widget, "F": 4}


@pytest.mark.parametrize(
    ("entries", "actual"),
    [
        (WIDGET | {"FT": Name.Tx, "V": String("98%")}, "98%"),
        (WIDGET | {"FT": Name.Tx, "V": String("九成八")}, "九成八"),
        (WIDGET | {"Parent": Dict(FT=Name.Tx, V=String("98%"))}, "98%"),
        (WIDGET | {"FT": Name.Ch, "V": String("b"), "Opt": Array([Array([String("a"), String("97%")]), Array([String("b"), String("98%")])])}, "98%"),
        (WIDGET | {"FT": Name.Ch, "V": String("98%"), "Opt": Array([String("97%"), String("98%")])}, "98%"),
        (WIDGET | {"FT": Name.Btn, "AS": Name.Yes}, "☑"),
        (WIDGET | {"FT": Name.Tx, "V": String("98%"), "F": 2}, None),
        (WIDGET | {"FT": Name.Btn, "Ff": 1 << 16}, None),
        ({"Subtype": Name.FreeText, "Contents": String("98%"), "F": 4}, "98%"),
        ({"Subtype": Name.Text, "Contents": String("请核实")}, None),
    ],
)  # fmt: skip
def test_what_is_filled_into_a_field_stands_in_its_cell(entries, actual):
    (form,) = parse(with_notes(entries), "form.pdf")
    assert form.indicators[2].actual == actual
    assert form.indicators[1].actual == "2700册"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_fields_of_a_page_on_its_side_stand_in_their_cells(degrees):
    (form,) = parse(turned(TRIALS / "acro.pdf", rotated(degrees)), "form.pdf")
    check(form)


@pytest.mark.parametrize("degrees", [90, -90])
def test_text_turned_in_its_cell_reads_either_way(tmp_path, degrees):
    import typst

    from tests.readers.scanning import FONTS

    rows = ["产出指标", "数量指标", "更新书架数", "≥40个", "42个", "90", "90"]
    heads = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    cells = "".join(f"[{text}]," for text in heads)
    cells += f"rotate({degrees}deg, reflow: true)[产出指标],rotate({degrees}deg, reflow: true)[数量指标],"
    cells += "".join(f"[{text}]," for text in rows[2:])
    source = tmp_path / "form.typ"
    source.write_text(
        f'#set text(font: "Noto Sans SC")\n2023年度项目支出绩效自评表\n\n#table(columns: 7, {cells})',
        encoding="utf-8",
    )
    (form,) = parse(typst.compile(str(source), font_paths=[FONTS]), "form.pdf")
    (row,) = form.indicators
    assert [row.level1, row.level2, row.name, row.actual] == ["产出指标", "数量指标", "更新书架数", "42个"]


def test_powers_on_a_printed_page_are_powers(tmp_path):
    import typst

    from tests.readers.scanning import FONTS

    cells = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    cells += ["产出指标", "数量指标", "服务人次", "≥5×10#super[4]人", "6.1×10#super[4]人", "90", "90"]
    source = tmp_path / "form.typ"
    table = "".join(f"[{text}]," for text in cells)
    source.write_text(
        f'#set super(typographic: false)\n#set text(font: "Noto Sans SC")\n2023年度项目支出绩效自评表\n\n#table(columns: 7, {table})',
        encoding="utf-8",
    )
    (form,) = parse(typst.compile(str(source), font_paths=[FONTS]), "form.pdf")
    assert (form.indicators[0].target, form.indicators[0].actual) == ("≥5×10⁴人", "6.1×10⁴人")


@pytest.mark.parametrize(
    "mark", ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\u202d", "\u200e", "\u180e", "\ufe0f"]
)
@pytest.mark.parametrize("kind", ["html", "txt", "xlsx"])
def test_a_character_that_nobody_sees_says_nothing(mark, kind):
    from tests.readers import books
    from tests.readers.test_hostile import FORM

    text = (
        FORM.replace("分值", f"分{mark}值")
        .replace("三级指标", f"{mark}三级指标{mark}")
        .replace("1个 | 1个", f"1{mark}个 | {mark}1个")
    )
    made = {
        "html": lambda: books.page(text),
        "xlsx": lambda: books.book(text),
        "txt": lambda: "\n".join("\t".join(row) for row in books.rows_of(text)).encode(),
    }[kind]()
    (form,) = parse(made, f"form.{kind}")
    (row,) = form.indicators
    assert (row.target, row.actual, row.weight, row.score) == ("1个", "1个", 90, 90)
    assert form.budget.total.weight == 10
