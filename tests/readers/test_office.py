"""Documents of old and other office programs, zips of forms, and saved web pages."""

import email.mime.multipart
import email.mime.text
import shutil
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from perfkit.errors import DataError
from perfkit.readers import container, office
from perfkit.readers.bulk import read_document
from perfkit.readers.formats import parse
from perfkit.readers.scans import recognition
from tests.readers import books
from tests.readers.test_formats import DATA, PARAMS, read_structured
from tests.readers.test_hostile import FORM


def converts(test):
    """Mark a test that needs LibreOffice."""
    missing = pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")
    return pytest.mark.office(missing(test))


@pytest.fixture(scope="module")
def typed():
    return read_structured(PARAMS.read_bytes(), PARAMS.name)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Let LibreOffice write the official form as its own and old programs would."""
    folder = tmp_path_factory.mktemp("made")
    for source, ending in (
        ("official.docx", "doc"),
        ("official.docx", "rtf"),
        ("official.docx", "odt"),
        ("official.xlsx", "xls"),
    ):
        data = office.converted((DATA / source).read_bytes(), source, source.rpartition(".")[2], ending)
        (folder / f"form.{ending}").write_bytes(data)
    shutil.copy(folder / "form.doc", folder / "form.wps")
    shutil.copy(folder / "form.xls", folder / "form.et")
    return folder


@converts
@pytest.mark.parametrize("ending", ["doc", "wps", "rtf", "odt", "xls", "et"])
def test_a_form_of_another_program_comes_back_whole(made, typed, ending):
    (form,) = read_document(made / f"form.{ending}")
    assert form == typed


@pytest.mark.parametrize(
    "data",
    [
        b"{\\rtf1 \\ansi}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
    ],
)
def test_without_libreoffice_the_error_says_what_to_install(monkeypatch, data):
    monkeypatch.setattr(office, "program", lambda: None)
    with pytest.raises(DataError) as caught:
        parse(data, "form.doc")
    assert "install LibreOffice" in str(caught.value)


@converts
def test_what_libreoffice_cannot_read_is_an_error():
    with pytest.raises(DataError) as caught:
        parse(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "form.doc"
        )
    assert "cannot convert" in str(caught.value) or "no self-evaluation form" in str(caught.value)


def test_a_program_that_does_not_end_is_ended(monkeypatch, tmp_path):
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "program", lambda: str(slow))
    monkeypatch.setattr(office, "SECONDS", 1)
    with pytest.raises(DataError) as caught:
        parse(b"{\\rtf1 \\ansi}", "form.rtf")
    assert "longer than 1 seconds" in str(caught.value)


def test_the_office_program_finds_the_systems_own_where_the_path_lacks_them(monkeypatch, tmp_path):
    script = tmp_path / "soffice"
    script.write_text('#!/bin/sh\necho "LibreOffice $(basename /opt/24.8) rest"\n')
    script.chmod(0o755)
    monkeypatch.setattr(office, "program", lambda: str(script))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert office.version() == "LibreOffice 24.8"
    monkeypatch.delenv("PATH")
    assert office.version() == "LibreOffice 24.8"


def test_an_office_program_that_does_not_run_is_no_part_that_is_well(monkeypatch, tmp_path):
    from perfkit.cli import workspaces

    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\necho a library is missing\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setattr(office, "program", lambda: str(broken))
    (told,) = (part for part in workspaces.examine() if part.topic == "office")
    assert (told.well, "a library is missing" in told.said("en")) == (False, True)


def zipped(parts, encoding="utf-8"):
    """Zip some parts; old programs write the bytes of a name alone, without saying that they are GBK."""
    target = BytesIO()
    raw = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(parts.items()):
            written = name.encode(encoding)
            stand_in = name if encoding == "utf-8" else f"{number:x}".rjust(len(written), "=")
            raw[stand_in.encode()] = written
            archive.writestr(stand_in, content)
    data = target.getvalue()
    for stand_in, written in raw.items():
        data = data.replace(stand_in, written)
    return data


def test_a_zip_of_forms_is_a_folder():
    book = books.book(FORM)
    data = zipped(
        {"报送/一中.xlsx": book, "报送/二中.html": books.page(FORM), "说明.txt": "请查收", "a.exe": b"MZ"}
    )
    forms = parse(data, "报送.zip")
    assert [form.source.file for form in forms] == ["报送.zip/报送/一中.xlsx", "报送.zip/报送/二中.html"]
    assert [form.project for form in forms] == ["甲项目", "甲项目"]
    told = {each.place: each.expected for each in forms[0].unread}
    assert told["说明.txt"]["en"] == "a form; no readable text of a form in this file"


def test_names_in_gbk_are_made_right():
    forms = parse(zipped({"报送/一中.xlsx": books.book(FORM)}, "gbk"), "报送.zip")
    assert [form.source.file for form in forms] == ["报送.zip/报送/一中.xlsx"]


def test_a_zip_without_a_form_says_what_is_in_it():
    with pytest.raises(DataError):
        parse(zipped({"a.exe": b"MZ"}), "a.zip")
    with pytest.raises(DataError) as caught:
        parse(zipped({"信.txt": "请各单位报送绩效材料", "b.pdf": b"%PDF-1.4"}), "a.zip")
    assert {fault.file for fault in caught.value.faults} == {"a.zip/信.txt", "a.zip/b.pdf"}


def test_a_zip_within_a_zip_is_told_and_not_opened():
    inner = zipped({"甲.xlsx": books.book(FORM)})
    with pytest.raises(DataError):
        parse(zipped({"内.docx": inner}), "外.zip")
    with pytest.raises(DataError) as caught:
        parse(zipped({"内.zip": inner, "又.rar": b"Rar!"}), "外.zip")
    told = [(fault.file, fault.what["en"]) for fault in caught.value.faults]
    assert told == [(f"外.zip/{part}", "an archive within an archive") for part in ("内.zip", "又.rar")]
    (form,) = parse(zipped({"乙.xlsx": books.book(FORM), "内.zip": inner}), "外.zip")
    assert [cell.place for cell in form.unread] == ["内.zip"]


def test_too_many_documents_and_locked_ones_are_told():
    with pytest.raises(DataError) as caught:
        parse(zipped({f"{n}.txt": "x" for n in range(501)}), "a.zip")
    assert "too many documents" in str(caught.value)
    locked = bytearray(zipped({"甲.xlsx": books.book(FORM)}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + offset] |= 1
    with pytest.raises(DataError) as caught:
        parse(bytes(locked), "a.zip")
    assert "encrypted" in str(caught.value)


def test_what_takes_longer_in_a_zip_takes_the_time_of_all_its_documents(monkeypatch):
    monkeypatch.setattr(recognition, "available", lambda: True)
    scan = BytesIO()
    Image.new("L", (600, 800), 255).save(scan, "PNG")
    parts = {f"{n}.png": scan.getvalue() for n in range(3)} | {"旧.doc": b"{\\rtf1 \\ansi}"}
    monkeypatch.setattr(office, "program", lambda: "soffice")
    with container.put_off(), pytest.raises(container.LaterError) as caught:
        parse(zipped(parts | {"甲.xlsx": books.book(FORM)}), "a.zip")
    page = recognition.START_SECONDS + recognition.PAGE_SECONDS
    assert caught.value.seconds >= 3 * page + office.SECONDS


def test_a_zip_of_many_forms_has_more_time_than_one_form(tmp_path):
    many = {f"报送/{n:02}.xlsx": books.book(FORM.replace("甲项目", f"第{n}项目")) for n in range(25)}
    with container.put_off(), pytest.raises(container.LaterError) as caught:
        parse(zipped(many), "a.zip")
    assert caught.value.seconds == 250
    (tmp_path / "a.zip").write_bytes(zipped(many))
    assert [form.project for form in read_document(tmp_path / "a.zip")] == [f"第{n}项目" for n in range(25)]


def test_a_bomb_among_the_forms_is_refused():
    with pytest.raises(DataError) as caught:
        parse(zipped({"甲.txt": b" " * 60_000_000}), "a.zip")
    assert "unpacks to far more" in str(caught.value)


def archive_of(page, charset="utf-8", sheet=""):
    message = email.mime.multipart.MIMEMultipart("related", type="text/html")
    message.attach(email.mime.text.MIMEText(page, "html", charset))
    if sheet:
        message.attach(email.mime.text.MIMEText(sheet, "css", "utf-8"))
    return b"MIME-Version: 1.0\n" + message.as_bytes().replace(b"MIME-Version: 1.0\n", b"", 1)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_saved_web_page_in_one_file_is_read(charset):
    page = books.page(FORM).decode().replace("<meta charset='utf-8'>", "")
    hidden = page.replace(
        "</table>",
        "<tr class=gone><td>产出指标</td><td>数量指标</td><td>甲二</td><td>1</td><td>1</td><td>5</td><td>5</td></tr></table>",
    )
    (form,) = parse(archive_of(hidden, charset, ".gone{display:none}"), "page.mht")
    assert (form.project, len(form.indicators)) == ("甲项目", 1)


def test_the_sheets_of_a_book_saved_as_a_web_archive_are_read_each_with_its_place():
    message = email.mime.multipart.MIMEMultipart("related", type="text/html")
    for number, page in enumerate(("<frameset><frame src=s1.htm></frameset>", books.page(FORM).decode())):
        part = email.mime.text.MIMEText(page, "html", "utf-8")
        part["Content-Location"] = f"file:///C:/x/book.files/sheet00{number}.htm"
        message.attach(part)
    (form,) = parse(b"MIME-Version: 1.0\n" + message.as_bytes(), "book.mht")
    assert form.source.places["project"].startswith("sheet001.htm, table 1, row")


FRAMES = """<html><head><meta charset=gb2312><link id=shLink href="{0}/sheet001.htm"><link id=shLink href="{0}/sheet002.htm">
</head><frameset rows="*,39"><frame src="{0}/sheet001.htm"><frame src="{0}/tabstrip.htm"></frameset></html>"""


def complete(folder, name="绩效自评", suffix=".files"):
    """Save a book of two sheets as an office program saves it: a page of frames, the sheets in a folder."""
    sheets = folder / f"{name}{suffix}"
    sheets.mkdir(parents=True)
    main = folder / f"{name}.htm"
    main.write_bytes(FRAMES.format(f"{name}{suffix}").encode("gb2312"))
    (sheets / "tabstrip.htm").write_text("<body><table><tr><td>Sheet1</td></tr></table></body>")
    (sheets / "stylesheet.css").write_text(".gone{display:none}")
    styled = books.page(FORM).decode().replace("<head>", "<head><link rel=Stylesheet href=stylesheet.css>")
    gone = "<tr class=gone><td>产出指标</td><td>数量指标</td><td>甲二</td><td>1</td><td>1</td><td>5</td><td>5</td></tr></table>"
    (sheets / "sheet001.htm").write_text(styled.replace("</table>", gone), encoding="utf-8")
    (sheets / "sheet002.htm").write_bytes(books.page(FORM.replace("甲", "乙")))
    return main


@pytest.mark.parametrize("suffix", [".files", "_files"])
def test_a_page_saved_complete_is_read_with_its_frames_and_their_styles(tmp_path, suffix):
    forms = read_document(complete(tmp_path, suffix=suffix))
    assert [form.project for form in forms] == ["甲项目", "乙项目"]
    assert [len(form.indicators) for form in forms] == [1, 1]
    assert forms[1].source.places["total"].startswith("sheet002.htm, table 1, row")
    assert any("甲二" in cell.text for cell in forms[0].unread)


def test_a_form_in_a_frame_is_another_document_once_its_sheet_is_another(tmp_path):
    main = complete(tmp_path)
    before = read_document(main)[0].source.sha256
    (tmp_path / "绩效自评.files" / "sheet001.htm").write_bytes(books.page(FORM.replace("甲", "丙")))
    (form, _) = read_document(main)
    assert (form.project, form.source.sha256 == before) == ("丙项目", False)


def test_frames_that_were_left_behind_are_told(tmp_path):
    main = complete(tmp_path)
    shutil.rmtree(tmp_path / "绩效自评.files")
    with pytest.raises(DataError) as caught:
        read_document(main)
    assert "a page of frames" in str(caught.value)
    assert "sheet001.htm" in str(caught.value)


@pytest.mark.parametrize(
    "link",
    [
        "../secret.htm", "secret.htm", "{there}/secret.htm", "file://{there}/secret.htm", "other/secret.htm",
        "page_files/../secret.htm", "page_files/%2e%2e/secret.htm", "page_files/..\\secret.htm",
        "page_files/link.htm", "https://example.org/page_files/secret.htm", "link_files/secret.htm",
    ],
)  # fmt: skip
def test_nothing_but_the_folder_of_a_page_is_opened(tmp_path, link):
    home = tmp_path / "home"
    for folder in (tmp_path, home, home / "other"):
        folder.mkdir(exist_ok=True)
        (folder / "secret.htm").write_bytes(books.page(FORM))
    (home / "page_files").mkdir()
    (home / "page_files" / "link.htm").symlink_to(tmp_path / "secret.htm")
    (home / "link_files").symlink_to(tmp_path)
    page = home / "page.htm"
    page.write_text(f"<body><p>x</p><iframe src='{link.format(there=tmp_path.as_posix())}'></iframe></body>")
    with pytest.raises(DataError):
        read_document(page)


def test_a_page_saved_complete_in_a_zip_is_one_document(tmp_path):
    complete(tmp_path / "报送")
    parts = {
        file.relative_to(tmp_path).as_posix(): file.read_bytes()
        for file in sorted(tmp_path.rglob("*"))
        if file.is_file()
    }
    forms = parse(zipped(parts), "报送.zip")
    assert [form.project for form in forms] == ["甲项目", "乙项目"]
    assert {form.source.file for form in forms} == {"报送.zip/报送/绩效自评.htm"}


PLACES = [
    ("linux", {}, "usr/lib/libreoffice/program/soffice"),
    ("linux", {}, "usr/lib64/libreoffice/program/soffice"),
    ("linux", {}, "opt/libreoffice24.8/program/soffice"),
    ("linux", {}, "snap/bin/libreoffice"),
    ("win32", {"ProgramFiles": "Program Files"}, "Program Files/LibreOffice/program/soffice.exe"),
    ("win32", {"ProgramFiles(x86)": "x86"}, "x86/LibreOffice 5/program/soffice.exe"),
    ("win32", {"LOCALAPPDATA": "me"}, "me/Programs/LibreOffice/program/soffice.exe"),
    ("darwin", {}, "Applications/LibreOffice.app/Contents/MacOS/soffice"),
    ("darwin", {"HOME": "me"}, "me/Applications/LibreOffice.app/Contents/MacOS/soffice"),
]


@pytest.mark.parametrize(("platform", "variables", "place"), PLACES)
def test_libreoffice_is_found_where_each_system_has_it(tmp_path, platform, variables, place):
    there = tmp_path / place
    environment = {name: str(tmp_path / value) for name, value in variables.items()}
    assert list(office._installed(platform, environment, tmp_path)) == []
    there.parent.mkdir(parents=True)
    there.touch()
    assert list(office._installed(platform, environment, tmp_path)) == [str(there)]
    assert list(office._installed("aix", environment, tmp_path)) == []


def test_of_several_installed_the_newest_is_taken(tmp_path):
    for version in ("7.6", "24.8", "24.2"):
        place = tmp_path / f"opt/libreoffice{version}/program/soffice"
        place.parent.mkdir(parents=True)
        place.touch()
    assert "24.8" in next(office._installed("linux", {}, tmp_path))
