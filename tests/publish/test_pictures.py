"""Pictures are carried inside the report: drawings stripped of all that is no drawing, photographs checked."""

import base64
from io import BytesIO

import pytest
from lxml import html
from PIL import Image

from perfkit.publish import publish
from perfkit.publish.images import Pictures, description_of, harmless_svg, size_of
from perfkit.publish.page import compose, settle_picture
from perfkit.publish.pdf import draw

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def photograph(kind="PNG"):
    out = BytesIO()
    Image.new("RGB", (40, 20), "#369").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("drawing", "left"),
    [
        (f"<svg {NS}><script>x()</script><rect/></svg>", f"<svg {NS}><rect/></svg>"),
        (f'<svg {NS} onload="x()"><rect onclick="y()"/></svg>', f"<svg {NS}><rect/></svg>"),
        (f'<svg {NS}><image href="http://a/b.png"/></svg>', f"<svg {NS}><image/></svg>"),
        (f'<svg {NS}><image xlink:href="&#104;ttp://a"/></svg>', f"<svg {NS}><image/></svg>"),
        (f'<svg {NS}><use xlink:href="#a"/></svg>', f'<svg {NS}><use xlink:href="#a"/></svg>'),
        (f'<svg {NS}><rect fill="url(#g)"/></svg>', f'<svg {NS}><rect fill="url(#g)"/></svg>'),
        (f'<svg {NS}><rect fill="url(http://a)"/></svg>', f"<svg {NS}><rect/></svg>"),
        (f'<svg {NS}><rect style="fill:u&#114;l(//a)"/></svg>', f"<svg {NS}><rect/></svg>"),
        (f"<svg {NS}><style>@import 'http://a'</style><rect/></svg>", f"<svg {NS}><rect/></svg>"),
        (
            f"<svg {NS}><style>.a{{fill:red}}</style><rect/></svg>",
            f"<svg {NS}><style>.a{{fill:red}}</style><rect/></svg>",
        ),
        (f"<svg {NS}><foreignObject><p/></foreignObject></svg>", f"<svg {NS}/>"),
        (
            f"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg {NS}><rect/></svg>",
            f"<svg {NS}><rect/></svg>",
        ),
        (f"<svg {NS}><text>&a;</text></svg>", f"<svg {NS}><text>&amp;a;</text></svg>"),
        ("<svg><rect></svg>", f"<svg {NS}><rect></rect></svg>"),
        ("<svg><rect onload=x() fill=url(//a) /></svg>", f"<svg {NS}><rect/></svg>"),
        ("<svg><image xlink:href=//a/b.png /></svg>", f"<svg {NS}><image/></svg>"),
        ("<html/>", ""),
        ("", ""),
    ],
)
def test_a_drawing_is_left_and_nothing_else(drawing, left):
    found = harmless_svg(drawing)
    assert found.replace(" ", "") == left.replace(" ", "")


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('width="360pt" height="90pt"', (360, 90)),
        ('width="96" height="48px"', (72, 36)),
        ('viewBox="0 0 400 200"', (300, 150)),
        ('width="100%" viewBox="0 0 400 200"', (300, 150)),
        ('width="96" viewBox="0 0 400 200"', (72, 36)),
        ("", (360, 240)),
    ],
)
def test_a_drawing_has_a_natural_size(head, size):
    assert size_of(f"<svg {head}><rect/></svg>") == size


def test_a_drawing_describes_itself():
    assert description_of("<svg><title>题</title><desc>一句 &lt;话&gt;</desc></svg>") == "一句 <话>"
    assert description_of("<svg><title>题</title></svg>") == "题"
    assert description_of("<svg><rect/></svg>") == ""


def settled(tag, folder=None):
    pictures = Pictures()
    root = html.fragment_fromstring(f"<p>{tag}</p>")
    settle_picture(root.find("img"), pictures, folder, "zh")
    return root, pictures


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_photograph_is_carried_as_it_is(kind):
    data = base64.b64encode(photograph(kind)).decode()
    root, pictures = settled(f'<img src="data:image/{kind.lower()};base64,{data}" alt="景">')
    (picture,) = pictures.kept
    assert root.find("img").get("src") == "pk-figure:0"
    assert (picture.width, picture.height) == (30, 15)
    assert picture.address.endswith(data)


@pytest.mark.parametrize(
    "source",
    [
        "http://example.org/a.png", "//example.org/a.png", "/etc/passwd", "../secret.png", "file:///etc/passwd", "none.png",
        "data:image/png;base64,AAAA", "data:text/html,x", "secret.txt", "folder", "",
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_carried_is_told_of(tmp_path, source):
    (tmp_path / "secret.png").write_bytes(photograph())
    folder = tmp_path / "here"
    (folder / "folder").mkdir(parents=True)
    (folder / "secret.txt").write_text("geheim", encoding="utf-8")
    root, pictures = settled(f'<img src="{source}" alt="景">', folder)
    assert root.find("img") is None
    assert "图片未收入报告" in root.text_content()
    assert not pictures.kept


@pytest.mark.parametrize(
    ("name", "data"), [("景 1.png", photograph()), ("a.svg", f"<svg {NS}><rect/></svg>".encode())]
)
def test_a_picture_beside_the_notebook_is_brought_in(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    root, pictures = settled(f'<img src="{name.replace(" ", "%20")}">', tmp_path)
    assert len(pictures.kept) == 1
    assert root.find("img").get("alt") == "图（没有文字说明）"


def test_an_inline_drawing_becomes_a_picture():
    pictures = Pictures()
    taken = pictures.take_out(f"<p>甲<svg {NS}><desc>一句</desc></svg>乙<svg onload=x></svg></p>")
    body = compose(taken, title="题", language="zh", pictures=pictures, folder=None)
    (image,) = body.main.iter("img")
    assert image.get("alt") == "一句"


READ_AS_A_BROWSER_DOES = {
    "no quotes": "<svg width=90 height=40><rect width=90 height=40 fill=red /></svg>",
    "entities of HTML": '<svg width="90" height="40"><desc>a&nbsp;b</desc><rect width="90" height="40" fill="red"/></svg>',
    "no namespace": '<svg width="90" height="40"><rect width="90" height="40" fill="red"/></svg>',
    "another namespace": '<svg xmlns="https://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40" fill="red"/></svg>',
    "an end missing": "<svg width=90 height=40><g><rect width=90 height=40 fill=red></svg>",
    "no end": '<div><svg width="90" height="40"><rect width="90" height="40" fill="red"/></div>',
    "capitals": "<SVG WIDTH=90 HEIGHT=40><RECT width=90 height=40 FILL=red /></SVG>",
    "no capitals": '<svg width="90" viewbox="0 0 9 4"><lineargradient id="g"><stop stop-color="red"/></lineargradient>'
    '<rect width="9" height="4" fill="url(#g)"/></svg>',
    "a use without its prefix": '<svg width="90" height="40"><defs><rect id="r" width="90" height="40" fill="red"/></defs>'
    '<use xlink:href="#r"/></svg>',
    "an attribute without a value": '<svg width="90" height="40"><rect hidden width="90" height="40" fill="red"/></svg>',
    "an attribute twice": '<svg width="90" height="40" width="9"><rect width="90" height="40" fill="red"/></svg>',
    "a style": "<svg width=90 height=40><style>g>rect{fill:red}</style><g><rect width=90 height=40></g></svg>",
    "a lone ampersand": '<svg width="90" height="40"><title>a & b</title><rect width="90" height="40" fill="red"/></svg>',
    "no size": "<svg viewBox='0 0 120 50'><rect width=120 height=50 fill=red /></svg>",
}


@pytest.mark.parametrize("drawing", READ_AS_A_BROWSER_DOES.values(), ids=READ_AS_A_BROWSER_DOES)
def test_an_inline_drawing_is_read_as_a_browser_reads_it(drawing):
    pictures = Pictures()
    body = html.fromstring(f"<div>{pictures.take_out(f'<p>甲</p>{drawing}<p>乙</p>')}</div>")
    assert [each.tag for each in body.iter("p", "img")] == ["p", "img", "p"]
    (picture,) = pictures.kept
    (page,) = draw([(picture.drawing.encode(), picture.width)])
    with Image.open(BytesIO(page)) as drawn:
        assert drawn.width / drawn.height == pytest.approx(90 / 40, abs=0.2)
        assert drawn.convert("RGB").getpixel((drawn.width // 2, drawn.height // 2)) == (255, 0, 0)


@pytest.mark.parametrize("space", ["", f" {NS}"])
def test_what_stands_in_html_within_a_drawing_is_told_beside_it(space):
    words = "<foreignObject width='90' height='40'><p>甲 <b>乙</b></p></foreignObject>"
    taken = Pictures("en").take_out(f"<svg{space} width='90' height='40'><rect/>{words}</svg>")
    assert taken.endswith("<small>(words of this picture could not be drawn: 甲 乙)</small>")
    else_ = f"<switch>{words}<text>甲乙</text></switch>"
    assert "small" not in Pictures().take_out(f"<svg{space} width='90' height='40'>{else_}</svg>")


def test_what_ends_a_drawing_stands_after_it():
    taken = Pictures().take_out(f"<svg {NS}><rect/><p>甲</p></svg>乙")
    assert taken == '<img src="pk-figure:0" alt=""><p>甲</p>乙'


def test_a_drawing_that_cannot_be_drawn_is_named_in_its_place():
    endless = f'<svg {NS} aria-label="一&amp;图"><use id="a" href="#a"/></svg>'
    assert Pictures().take_out(endless) == "<small>（图未能画出：一&amp;图）</small>"
    assert Pictures().take_out(f"甲<svg {NS}></svg>乙<svg onload=x></svg>") == "甲乙"


PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"


@pytest.mark.parametrize(
    ("attached", "named"),
    [
        ("a b.png", "a%20b.png"),
        ("a b.png", "a b.png"),
        ("图 一.png", "图%20一.png"),
        ("图.png", "%E5%9B%BE.png"),
        ("%E5%9B%BE.png", "图.png"),
        ("e\u0301.png", "\u00e9.png"),
    ],
)
def test_an_attachment_is_found_however_it_is_named(attached, named):
    from tests.publish.notebooks import markdown, notebook

    cell = markdown(f"# 题\n\n![甲](attachment:{named})", attachments={attached: {"image/png": PNG}})
    page = publish(notebook(cell), ["html"])["html"].decode()
    assert page.count("data:image/png;base64,") == 1


@pytest.mark.parametrize("attachments", [{}, {"甲.png": {}}, {"甲.png": {"text/plain": "x"}}])
def test_an_attachment_that_is_missing_leaves_a_note(attachments):
    from tests.publish.notebooks import markdown, notebook

    page = publish(notebook(markdown("# 题\n\n![甲](attachment:甲.png)", attachments=attachments)), ["html"])
    assert "图片未收入报告：甲" in page["html"].decode()


@pytest.mark.parametrize(
    "address", ["图.png", "a%20b.png", "a b.png", "./图.png", "下/图.png", "../params/图.png", "外.png"]
)
@pytest.mark.parametrize("how", ["![甲]({})", '<img src="{}" alt="甲">'])
def test_a_picture_beside_the_notebook_or_in_its_workspace_is_embedded(tmp_path, address, how):
    import base64

    from tests.publish.notebooks import markdown, notebook

    for name in ("notebooks/图.png", "notebooks/a b.png", "notebooks/下/图.png", "params/图.png", "外.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(base64.b64decode(PNG))
    made = notebook(markdown("# 题\n\n" + how.format(address)))
    page = publish(made, ["html"], folder=str(tmp_path / "notebooks"))["html"].decode()
    assert "data:image/png;base64," in page


@pytest.mark.parametrize(
    "address", ["../../secret.png", "/etc/passwd", "..\\..\\secret.png", "http://x/y.png", "\x00.png"]
)
def test_a_picture_outside_is_not(tmp_path, address):
    from tests.publish.notebooks import notebook

    (tmp_path / "w" / "notebooks").mkdir(parents=True)
    (tmp_path / "w" / "params").mkdir()
    (tmp_path / "secret.png").write_bytes(b"\x89PNG")
    made = notebook(f'<h1>题</h1><img src="{address}" alt="甲">')
    page = publish(made, ["html"], folder=str(tmp_path / "w" / "notebooks"))["html"].decode()
    assert "图片未收入报告" in page
