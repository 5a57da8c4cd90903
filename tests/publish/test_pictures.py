"""Pictures are carried inside the report: drawings stripped of all that is no drawing, photographs checked."""

import base64
from io import BytesIO

import pytest
from lxml import html
from PIL import Image

from perfkit.publish.drawings import description_of, harmless_svg, size_of
from perfkit.publish.embedding import settle_picture
from perfkit.publish.page import compose
from perfkit.publish.pictures import Pictures

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
        (f"<svg {NS}><text>&a;</text></svg>", ""),
        ("<svg><rect></svg>", ""),
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
