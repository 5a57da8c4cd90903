"""The pages of the findings: complete, in both languages, and what `explain` prints is what docs/ holds."""

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from perfkit.checks import explain
from perfkit.checks.finding import families, pages
from perfkit.errors import SettingsError

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
TABLE = Path(__file__).parents[1] / "data" / "checks" / "table.md"


def listed():
    """Give code, slug and severities of the table that the codes were agreed in."""
    rows = re.findall(
        r"^\| (PK\d{3}) \| ([\w-]+) \|.*\| ([EWI/]+).*\|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {code: (slug, severity) for code, slug, severity in rows}


def test_codes_slugs_and_severities_are_the_agreed_ones():
    letters = {"E": "error", "W": "warning", "I": "info"}
    agreed = {code: (slug, letters[severity[0]]) for code, (slug, severity) in listed().items()}
    assert {code: (page.slug, page.severity) for code, page in pages().items()} == agreed


@pytest.mark.parametrize("page", pages().values(), ids=lambda page: page.code)
def test_a_page_says_the_same_in_both_languages(page):
    texts = [page.title, page.what, page.why, page.example, page.mend]
    for wording in (page.wording, *page.variants.values()):
        texts += [wording.message, wording.evidence, wording.fix]
        for text in (wording.message, wording.evidence, wording.fix):
            assert fields(text.zh) == fields(text.en)
    for text in texts:
        assert re.search("[一-龥{]", text.zh)
        assert text.en
    assert not page.wording.message.zh.endswith("。")
    assert "  " not in "".join(text.zh + text.en for text in texts)


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manual_holds_what_explain_prints(language):
    for code, page in pages().items():
        assert explain(code, language) == explain(page.slug, language) == explain(code.lower(), language)
        assert explain(code, language) in DOCS
    assert [family.pages[0].code for family in families()] == ["PK101", "PK201", "PK301", "PK401", "PK501"]


@pytest.mark.parametrize(
    ("code", "hint"), [("PK2", "PK201, PK202"), ("PK21O", "PK21"), ("nonsense", "docs/findings.md")]
)
def test_explain_names_the_nearest_code(code, hint):
    with pytest.raises(SettingsError) as caught:
        explain(code)
    assert hint in str(caught.value)


def test_the_core_of_the_checks_is_light():
    """Checking a form needs neither rich nor openpyxl nor rapidfuzz until they are used."""
    heavy = ("rich", "openpyxl", "rapidfuzz", "pandas", "numpy", "matplotlib", "IPython")
    code = f"import sys, perfkit.checks as c; c.check; print([m for m in {heavy!r} if m in sys.modules])"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert printed.stdout.strip() == "[]"
