"""Make the example files of this folder with real programs: LibreOffice, xlwt, msoffcrypto, typst.

Run it from the top of the checkout: `python tests/data/readers/make.py`. The files are committed, so that
tests need none of these programs.
"""

import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from perfkit.readers.structured import read_structured  # noqa: E402
from perfkit.writers import Layout, write  # noqa: E402

SOURCE = ROOT / "params" / "forms" / "leadership-training-2022.yaml"


def form():
    return read_structured(SOURCE.read_bytes(), SOURCE.name)


def converted(source, ending, target):
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                   "--convert-to", ending, "--outdir", folder, str(source)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        shutil.copy(Path(folder) / f"{source.stem}.{ending.split(':')[0]}", target)


def encrypted(source, target):
    from msoffcrypto.format.ooxml import OOXMLFile

    made = BytesIO()
    with source.open("rb") as file:
        OOXMLFile(file).encrypt("secret", made)
    target.write_bytes(made.getvalue())


def without_rules(source, target):
    import re
    import zipfile

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "word/document.xml":
                data = re.sub(rb"<w:tblBorders>.*?</w:tblBorders>", b"", data, flags=re.DOTALL)
            new.writestr(part.filename, data)


def prose(target):
    import typst

    text = "本单位高度重视预算管理工作，按照要求推进各项任务，取得较好成效。" * 20
    source = Path(tempfile.mkdtemp()) / "prose.typ"
    source.write_text(f'#set text(font: "Noto Serif SC")\n{text}', encoding="utf-8")
    import pylopdf_fonts_zh_cn

    fonts = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
    target.write_bytes(typst.compile(str(source), font_paths=[fonts]))


def main():
    book, word = HERE / "official.xlsx", HERE / "official.docx"
    write(form(), book)
    write(form(), word)
    write(form(), HERE / "parted.xlsx", layout=Layout(parted_target=True, two_line_heading=True))
    converted(book, "xls", HERE / "old.xls")
    converted(book, "ods", HERE / "open.ods")
    converted(book, "html", HERE / "page.html")
    converted(word, "pdf", HERE / "ruled.pdf")
    converted(book, "pdf", HERE / "sheet.pdf")
    encrypted(book, HERE / "encrypted.xlsx")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.docx"
        without_rules(word, plain)
        converted(plain, "pdf", HERE / "unruled.pdf")
    prose(HERE / "prose.pdf")


if __name__ == "__main__":
    main()
