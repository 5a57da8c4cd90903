"""Scans of our own pages: twelve layouts, six faults, any direction; and pictures that nobody should send.

`make scans` reads all seventy-two pages; here each layout and each fault comes at least once.
"""

import re
import struct
import subprocess
import sys
import unicodedata
import zlib
from decimal import Decimal
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from perfkit.errors import DataError
from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.processes import shared
from perfkit.readers import pdf
from perfkit.readers.bulk import FULL_MEMORY, peak, read_in_full
from perfkit.readers.formats import parse
from perfkit.readers.layout.leftover import _borne
from perfkit.readers.scans import pictures, recognition
from tests.readers import scanning
from tests.readers.test_renderings import values

recognises = pytest.mark.skipif(not recognition.available(), reason="the extra perfkit[ocr] is not installed")
FAULTS = list(scanning.FAULTS)
PAIRS = [(name, FAULTS[(n + n // 6) % 6]) for n, name in enumerate(scanning.LAYOUTS)]
LEAST = {"faxed": 0.3}  # of the values, at 100 dpi; 0.97 at 150 dpi and better


def folded(form):
    """Give the values of a form by their paths, whatever the width and the gaps of their characters."""
    kept = {path: text for path, text in values(form).items() if text not in {"None", ""}}
    passed = (".source", ".unread", ".reading")
    return {
        path: re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("—", "-")
        for path, text in kept.items()
        if not path.startswith(passed) and not path.endswith(".place")
    }


def right(name, data, file="scan.png"):
    """Say what share of a layout's values a reading has right."""
    expected = folded(scanning.truth(name))
    (form,) = parse(data, file)
    got = folded(form)
    return sum(got.get(path) == text for path, text in expected.items()) / len(expected)


@recognises
@pytest.mark.parametrize(("name", "fault"), PAIRS)
def test_a_spoiled_page_is_read_and_no_wrong_value_is_proven(name, fault):
    expected = folded(scanning.truth(name))
    (form,) = parse(scanning.spoiled(name, fault), "scan.png")
    got = folded(form)
    wrong = {path for path, text in expected.items() if got.get(path) != text}
    assert 1 - len(wrong) / len(expected) >= LEAST.get(fault, 0.97)
    assert not {path for path in wrong if path in got} - doubted(form)


def doubted(form):
    """Give the paths of the values that a reading doubts, as `folded` writes them."""
    return {"." + re.sub(r"\[(\d+)\]", r".\1", doubt.path) for doubt in form.reading.doubts}


@recognises
def test_what_no_sum_and_no_word_of_the_field_bears_is_doubted_with_its_place():
    (form,) = parse(scanning.spoiled("school", "clean"), "scan.png")
    paths = doubted(form)
    assert form.reading.state == "doubted"
    assert {".indicators.0.target", ".indicators.0.actual", ".indicators.0.name", ".project"} <= paths
    assert (
        not {
            ".indicators.0.weight",
            ".indicators.0.score",
            ".indicators.0.level1",
            ".total",
            ".budget.total.executed",
        }
        & paths
    )
    assert all(doubt.place.startswith("page 1") for doubt in form.reading.doubts)


def borne(**values):
    """Give which of a form's values its own sums and words bear."""
    rows = values.pop("rows", ())
    lines = {name: Fund(**line) for name, line in values.items()}
    form = Form(indicators=tuple(Indicator(**row) for row in rows), budget=Budget(**lines))
    return set(_borne(form, None, levels=True))


def amounts(*texts, rate=None):
    return {
        name: Decimal(text) for name, text in zip(("adjusted", "executed"), texts, strict=True) if text
    } | {"rate": rate}


def test_a_level_is_borne_by_the_words_of_the_field_alone_not_by_a_text_that_holds_some():
    rows = [
        {"level1": "产出指标（50分）", "level2": "数量指标"},
        {"level1": "读者满意度", "level2": "管理制度社全性"},
        {"level1": "满意度指标", "level2": "工期进度"},
    ]
    assert borne(rows=rows) == {
        "indicators[0].level1", "indicators[0].level2", "indicators[2].level1",
    }  # fmt: skip


def test_money_is_borne_by_the_sum_of_its_own_column_and_by_a_rate_that_tells_its_last_digit():
    total, rate = "budget.total", "budget.total.rate"
    fine = borne(total=amounts("310.5", "295.2", rate="95.07%"))
    assert fine == {rate, f"{total}.adjusted", f"{total}.executed"}
    assert borne(total=amounts("3050000", "3050000", rate="100%")) == {rate}
    one = borne(total=amounts("300", ""), fiscal=amounts("300", "295"))
    assert one == {f"{total}.adjusted", "budget.fiscal.adjusted"}


@recognises
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_in_any_direction_is_read(quarters):
    picture = scanning.page("library").rotate(90 * quarters, expand=True)
    target = BytesIO()
    picture.save(target, "JPEG", quality=85)
    assert right("library", target.getvalue(), "scan.jpg") >= 0.97


@recognises
def test_pages_of_a_tiff_and_of_a_pdf_are_forms_of_their_own():
    pages = [scanning.page(name) for name in ("school", "road")]
    tiff, pdf = BytesIO(), BytesIO()
    pages[0].save(tiff, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    pages[0].save(pdf, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    for target in (tiff, pdf):
        forms = parse(target.getvalue(), "scan")
        assert [form.project for form in forms] == ["消防改造经费", "县乡公路日常养护"]
        assert [len(form.indicators) for form in forms] == [6, 7]
        assert forms[1].source.places["total"].startswith("page 2")


@recognises
def test_a_broken_rule_and_a_missing_piece_of_one_still_part_the_cells():
    pixels = np.asarray(scanning.page("school")).copy()
    tall, wide = pixels.shape[:2]
    for x in range(0, wide, 97):
        pixels[:, x : x + 9] = np.where(pixels[:, x : x + 9] < 90, 255, pixels[:, x : x + 9])
    for y in range(0, tall, 131):
        dark = pixels[y : y + 7].mean(axis=(0, 2)) < 60
        pixels[y : y + 7, dark] = 255
    target = BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    (form,) = parse(target.getvalue(), "scan.png")
    assert [row.weight for row in form.indicators] == [
        row.weight for row in scanning.truth("school").indicators
    ]


FILLED = [
    ("school", "heading", (207, 226, 243), "stamped"),
    ("library", "heading", (207, 226, 243), "stamped"),
    ("library", "labels", (207, 226, 243), "stamped"),
    ("school", "labels", (217, 217, 217), "clean"),
    ("road", "labels", (217, 217, 217), "clean"),
]


@recognises
@pytest.mark.parametrize(("name", "which", "tint", "fault"), FILLED)
def test_the_rules_beside_filled_cells_part_them(name, which, tint, fault):
    page = scanning.page(name)
    cells = cells_of(page)
    lines = sorted({round(cell.top) for cell in cells})
    filled = np.asarray(page).copy()
    for cell in cells:
        number = lines.index(round(cell.top))
        row = [other for other in cells if round(other.top) == round(cell.top)]
        label = cell.x0 < page.width * 0.2 or number % 4 == 0
        if label if which == "labels" else len(row) == 8 and number < 9:
            part = filled[int(cell.top) : int(cell.bottom) + 1, int(cell.x0) : int(cell.x1) + 1]
            np.minimum(part, np.array(tint, np.uint8), out=part)
    spoiled = scanning.FAULTS[fault](Image.fromarray(filled), np.random.default_rng(1))
    assert len(cells_of(spoiled)) == len(cells)


@recognises
@pytest.mark.parametrize(
    ("name", "gap", "fault"), [("school", 5, "clean"), ("library", 8, "noisy"), ("road", 6, "stamped")]
)
def test_dashed_rules_part_the_cells(name, gap, fault):
    page = scanning.page(name)
    cells = cells_of(page)
    dashed = np.asarray(page).copy()
    tall, wide = dashed.shape[:2]
    across, down = (np.arange(size) % (gap + 9) < gap for size in (wide, tall))
    for cell in cells:
        top, bottom, left, right = (int(each) for each in (cell.top, cell.bottom, cell.x0, cell.x1))
        for y in (top, bottom):
            dashed[max(y - 4, 0) : y + 5, left:right][:, across[left:right]] = 255
        for x in (left, right):
            dashed[top:bottom, max(x - 4, 0) : x + 5][down[top:bottom]] = 255
    spoiled = scanning.FAULTS[fault](Image.fromarray(dashed), np.random.default_rng(1))
    assert len(cells_of(spoiled)) == len(cells)


def cells_of(page):
    """Find the cells of a page that lies straight."""
    from perfkit.readers.scans import ruled_tables, straight

    grey = straight._even(straight._without_stamp(np.asarray(page)[:, :, ::-1]))
    return [cell for table in ruled_tables(grey)[0] for cell in table.cells]


def report(*pages):
    """Join pages of other documents as a PDF: prose, a printed form, pictures, and texts with pictures."""
    import pikepdf

    from tests.readers.test_trials import READERS

    sources = {name: pikepdf.open(READERS / f"{name}.pdf") for name in ("prose", "ruled")}
    made = pikepdf.new()
    for page in pages:
        if isinstance(page, str):
            made.pages.append(sources[page].pages[0])
        elif isinstance(page, tuple):
            _covered(made, sources[page[0]].pages[0], page[1])
        else:
            scan = BytesIO()
            page.save(scan, "PDF", resolution=200)
            made.pages.extend(pikepdf.open(BytesIO(scan.getvalue())).pages)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def _covered(made, page, how):
    """Add a page of text with a picture that covers it, as scanners and drawing programs do."""
    import pikepdf

    made.pages.append(page)
    added = made.pages[-1]
    picture = pikepdf.Stream(made, bytes(100 * 140))
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 100, 140, 8
    picture.ColorSpace = pikepdf.Name.DeviceGray
    if how == "a mark over the text":
        picture.SMask = made.make_indirect(pikepdf.Stream(made, bytes(100 * 140)))
        for name in ("Type", "Subtype", "Width", "Height", "BitsPerComponent", "ColorSpace"):
            picture.SMask[f"/{name}"] = picture[f"/{name}"]
    added.Resources = pikepdf.Dictionary(dict(added.Resources))
    added.Resources.XObject = pikepdf.Dictionary(Scan=made.make_indirect(picture))
    wide, tall = (float(side) for side in added.mediabox[2:])
    drawn = f"q {wide} 0 0 {tall} 0 0 cm /Scan Do Q\n".encode()
    content = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(added))
    if how == "unseen text over the picture":
        content = content.replace(b"BT", b"BT 3 Tr")
    before = how in {"unseen text over the picture", "a ground under the text"}
    parts = [drawn, b"q " + content + b" Q"] if before else [b"q " + content + b" Q\n", drawn]
    added.Contents = pikepdf.Stream(made, b"".join(parts))


BLANK = Image.new("L", (827, 1169), 255)
AMONG = {
    "behind a cover": (("prose", BLANK, BLANK, BLANK), [1, 2, 3]),
    "in a long report": ((*["prose"] * 70, BLANK, "prose"), [70]),
    "far behind a form": (("ruled", *["prose"] * 20, BLANK, "prose"), [21]),
    "a scanner's own text over it": ((("ruled", "unseen text over the picture"), "prose"), [0]),
    "a scanner's own text under it": (("prose", ("ruled", "text under the picture")), [1]),
    "none: text on a coloured ground": ((("ruled", "a ground under the text"), "prose"), []),
    "none: a watermark over the text": ((("ruled", "a mark over the text"), "prose"), []),
}


@pytest.mark.parametrize("case", AMONG)
def test_a_page_is_a_picture_wherever_it_stands_and_whatever_text_is_hidden_on_it(monkeypatch, case):
    read = []
    monkeypatch.setattr(recognition, "available", lambda: True)
    monkeypatch.setattr(pdf, "_scanned_pages", lambda _, numbers, __: read.extend(numbers) or [])
    pages, expected = AMONG[case]
    pdf.grids(report(*pages), "report.pdf")
    assert read == expected


def test_pictures_beyond_those_that_are_read_are_listed(monkeypatch):
    read = []
    monkeypatch.setattr(recognition, "available", lambda: True)
    monkeypatch.setattr(pdf, "_scanned_pages", lambda _, numbers, __: read.extend(numbers) or [])
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    (first, *_) = pdf.grids(report(BLANK, BLANK, "ruled", BLANK), "report.pdf")
    assert read == [1, 3]
    assert [place for place, *_ in first.unread] == ["page 1"]
    with pytest.raises(DataError, match="too many pages"):
        pdf.grids(report("prose", BLANK, BLANK, BLANK), "report.pdf")


def test_without_the_extra_pictures_behind_a_form_are_listed_and_behind_prose_the_error_names_it(monkeypatch):
    monkeypatch.setattr(recognition, "available", lambda: False)
    (form,) = parse(report("ruled", "prose", BLANK, BLANK), "report.pdf")
    assert [cell.place for cell in form.unread] == ["page 3", "page 4"]
    with pytest.raises(DataError) as caught:
        parse(report("prose", BLANK, BLANK), "report.pdf")
    assert "page 2, 3" in str(caught.value)
    assert "perfkit[ocr]" in str(caught.value)


@recognises
def test_a_page_that_is_a_picture_among_pages_with_text_is_read():
    import pypdfium2

    from tests.readers.test_trials import READERS

    printed = [page.render(scale=200 / 72).to_pil() for page in pypdfium2.PdfDocument(READERS / "ruled.pdf")]
    forms = parse(report("prose", scanning.page("road"), "prose", *printed), "report.pdf")
    assert [form.project for form in forms] == ["县乡公路日常养护", "领导干部培训经费"]
    assert len(forms[1].indicators) == 16  # on two pages


def png(size, mode="1"):
    target = BytesIO()
    Image.new(mode, size).save(target, "PNG")
    return target.getvalue()


def animated(ending):
    target = BytesIO()
    frames = [Image.new("RGB", (800, 1000), (shade, shade, shade)) for shade in (0, 255)]
    frames[0].save(target, ending, save_all=True, append_images=frames[1:])
    return target.getvalue()


def many_pages(count):
    """Give a TIFF of so many pages: a head of eight tags for each, and no picture."""
    tags = {256: 800, 257: 1000, 258: 1, 259: 1, 262: 1, 273: 8, 278: 1000, 279: 100_000}
    size = 2 + 12 * len(tags) + 4
    pages = []
    for number in range(count):
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
        following = 8 + size * (number + 1) if number + 1 < count else 0
        pages.append(struct.pack("<H", len(tags)) + entries + struct.pack("<I", following))
    return struct.pack("<2sHI", b"II", 42, 8) + b"".join(pages)


def tiff(*sizes):
    target = BytesIO()
    pages = [Image.new("1", size) for size in sizes]
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    return target.getvalue()


def claimed(wide, tall):
    """Give a small PNG that claims to be large."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, tall, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 60))


def noise():
    target = BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (900, 700), dtype=np.uint8)).save(target, "PNG")
    return target.getvalue()


HOSTILE = {
    "60,000 by 60,000": (lambda: claimed(60_000, 60_000), "larger than any scan"),
    "a bomb": (lambda: png((20_000, 20_000)), "larger than any scan"),
    "a bomb of one page in two": (lambda: tiff((800, 1000), (20_000, 20_000)), "larger than any scan"),
    "an animated GIF": (lambda: animated("GIF"), "animated"),
    "an animated WebP": (lambda: animated("WEBP"), "animated"),
    "an animated PNG": (lambda: animated("PNG"), "animated"),
    "cut off": (lambda: scanning.spoiled("school", "clean")[:20_000], "damaged"),
    "only its head": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "damaged"),
    "a stamp's size": (lambda: png((90, 90)), "too small"),
    "seventy pages": (lambda: many_pages(70), "too many pages"),
    "ten thousand pages": (lambda: many_pages(10_000), "too many pages"),
    "pages without a picture": (lambda: many_pages(1), "damaged"),
    "nothing but noise": (noise, "no self-evaluation form"),
}  # fmt: skip


@recognises
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_picture_is_refused(case):
    made, message = HOSTILE[case]
    with pytest.raises(DataError) as caught:
        parse(made(), "sent.png")
    assert message in str(caught.value)


def deep(page, ending):
    """Give a page with 16 bits for its grey."""
    return Image.fromarray(np.asarray(page.convert("L")).astype(np.uint16) * 257), ending


DEPTHS = {
    "black and white": lambda page: (page.convert("1", dither=Image.Dither.NONE), "TIFF"),
    "grey": lambda page: (page.convert("L"), "PNG"),
    "a palette": lambda page: (page.convert("P"), "PNG"),
    "16 bits": lambda page: deep(page, "PNG"),
    "16 bits, TIFF": lambda page: deep(page, "TIFF"),
    "floating": lambda page: (Image.fromarray(np.asarray(page.convert("L")).astype(np.float32) / 255), "TIFF"),
    "for a press": lambda page: (page.convert("CMYK"), "JPEG"),
    "see-through": lambda page: (Image.merge("LA", (Image.new("L", page.size), page.convert("L").point(lambda v: 255 - v))), "PNG"),
}  # fmt: skip


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_page_of_any_depth_is_the_same_page(depth):
    page = scanning.page("library")
    made, ending = DEPTHS[depth](page)
    target = BytesIO()
    made.save(target, ending)
    (seen,) = pictures._images(target.getvalue(), "sent")
    assert np.abs(seen.astype(int) - np.asarray(page)).mean() < 4


@pytest.mark.parametrize("ending", ["PNG", "JPEG", "TIFF", "PDF"])
def test_without_the_extra_the_error_names_it(monkeypatch, ending):
    monkeypatch.setattr(recognition, "available", lambda: False)
    target = BytesIO()
    Image.new("L", (600, 800), 255).save(target, ending)
    with pytest.raises(DataError) as caught:
        parse(target.getvalue(), "sent")
    assert "perfkit[ocr]" in str(caught.value)


def test_the_readers_load_no_model_before_a_scan_comes():
    code = (
        "import perfkit.readers.formats, perfkit.readers.pdf, perfkit.readers.scans.pictures, perfkit.readers.bulk, sys;"
        "print([name for name in ('cv2', 'rapidocr', 'onnxruntime') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@recognises
def test_a_guarded_reading_recognises_in_a_process_of_its_own(tmp_path):
    from perfkit.readers.bulk import read_document

    (tmp_path / "scan.png").write_bytes(scanning.spoiled("library", "clean"))
    (form,) = read_document(tmp_path / "scan.png")
    assert (form.project, len(form.indicators)) == ("社区书屋更新", 7)


@recognises
def test_the_page_of_an_explained_scan_shows_each_doubted_cell_as_it_stands(tmp_path):
    import base64

    from click.testing import CliRunner

    from perfkit.cli import cli

    source, page = tmp_path / "<b>扫描.png", tmp_path / "scan.html"
    source.write_bytes(scanning.spoiled("school", "clean"))
    done = CliRunner().invoke(cli, ["import", str(source), "--explain", "--to", str(page)])
    assert (done.exit_code, done.output) == (0, "")
    text = page.read_text(encoding="utf-8")
    shown = [
        Image.open(BytesIO(base64.b64decode(data)))
        for data in re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', text)
    ]
    assert len(shown) == text.count('<tr class="doubted"><td><img')
    assert len(shown) > 20
    assert all(picture.width <= 640 and picture.height <= 240 for picture in shown)
    assert all(np.asarray(picture).min() < 100 for picture in shown)  # something is written in each
    assert 'alt="≥35所"' in text
    assert len(text) < 1_000_000
    assert ("&lt;b&gt;" in text, "<b>" in text) == (True, False)
    assert not re.findall(
        r"(?:src|href)=.?(?!data:)|https?://|<script", re.sub(r'src="data:[^"]*"', "", text)
    )


def test_each_cell_of_a_row_of_a_page_is_explained_for_itself():
    from perfkit.readers.formats import explain
    from tests.readers.test_formats import DATA

    cells = explain((DATA / "ruled.pdf").read_bytes(), "ruled.pdf").cells
    paths = [path for cell in cells for path in cell.paths if path.startswith("indicators[0].")]
    assert sorted(paths) == sorted(set(paths))
    assert {cell.text: cell.paths for cell in cells if "indicators[0].weight" in cell.paths}


@recognises
def test_the_models_are_loaded_once_in_the_process_that_reads_and_never_in_the_template(tmp_path):
    scan = tmp_path / "scan.png"
    scan.write_bytes(scanning.spoiled("library", "clean"))
    with shared().start(memory=FULL_MEMORY) as process:
        for _ in range(2):
            (form,) = process.call(read_in_full, str(scan), "scan.png")
            assert len(form.indicators) == 7
        assert process.call(recognition.loaded) == 1
        assert process.call(peak) < 1_500_000_000
    with shared().start() as fresh:  # another fork of the same template
        assert fresh.call(recognition.loaded) == 0
