"""What another package adds, from a wheel of its own, of each kind; a broken one is told and left out."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORM = "params/forms/online-learning-2022.yaml"
ROWS = 16


def written(module):
    """Give a module of the example package as docs/howto/plugins.md prints it."""
    page = (ROOT / "docs/howto/plugins.md").read_text(encoding="utf-8")
    return re.search(rf"```python\n(# office_rules/{module}\.py\n.*?)```", page, re.DOTALL)[1]


CODE = """
from pathlib import Path

def profiles() -> Path:
    return Path(__file__).parent / "profiles"

def total(card, *, language="zh"):
    return f"{language} {card.total.score}"
"""
READER, FINDING = written("reader"), written("finding")
BREAKS = """
def recognises(data, name):
    return data.startswith(b"FORM2")

def grids(data, name):
    return [data[10 ** 6]]
"""
STUMBLES = FINDING.replace("no-department", "stumbles").replace("rows=len", "lines=len")
ENTRY_POINTS = """
[perfkit.profiles]
county = office_rules:profiles
gone = office_rules:no_such_name

[perfkit.figures]
total = office_rules:total
bad = no_such_module:figure

[perfkit.readers]
form1 = office_rules.reader
form2 = office_rules.breaks
nobody = no_such_module

[perfkit.findings]
PK901 = office_rules.finding
PK902 = office_rules.stumbles
PK903 = office_rules.reader
PK101 = office_rules.finding
PK904 = office_rules.finding
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Install the example package from its wheel into a folder of its own."""
    folder = tmp_path_factory.mktemp("office")
    wheel = folder / "office_rules-1.0-py3-none-any.whl"
    files = {
        "office_rules/__init__.py": CODE,
        "office_rules/reader.py": READER,
        "office_rules/breaks.py": BREAKS,
        "office_rules/finding.py": FINDING,
        "office_rules/stumbles.py": STUMBLES,
        "office_rules/profiles/county-2024.yaml": "extends: mof-2020\ngrades:\n- {name: 好, at_least: 50}\n- {name: 差, at_least: 0}\n",
        "office_rules-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: office-rules\nVersion: 1.0\n",
        "office_rules-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "office_rules-1.0.dist-info/entry_points.txt": ENTRY_POINTS,
    }
    files["office_rules-1.0.dist-info/RECORD"] = "".join(f"{name},,\n" for name in files)
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    target = folder / "site"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        "--target",
        target,
        wheel,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return target


def python(site, code, language="en"):
    paths = os.pathsep.join([str(site), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": paths, "PERFKIT_LANGUAGE": language, "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_profiles_and_figures_of_another_package_are_there(site):
    done = python(
        site,
        "import perfkit\nfrom perfkit.display import figures\n"
        f"card = perfkit.score(perfkit.read({FORM!r}), 'county-2024')\n"
        "print(card.profile.name, card.total.grade, figures.total(card, language='en'))",
    )
    assert done.stdout.split() == ["county-2024", "好", "en", "96.90"]
    assert "the plug-in gone (office-rules) (perfkit.profiles) is broken and left out" in done.stderr
    assert "the plug-in bad (office-rules) (perfkit.figures) is broken and left out" in done.stderr


def test_a_broken_plug_in_is_told_in_the_readers_language_and_takes_nothing_down(site):
    done = python(
        site,
        "from perfkit.display import figures\n"
        "import perfkit\n"
        f"card = perfkit.score(perfkit.read({FORM!r}), 'mof-2020')\n"
        "try: figures.bad\nexcept AttributeError as error: print('no', card.total.score)",
        language="zh",
    )
    assert done.stdout.split() == ["no", "96.90"]
    assert done.stderr.count("插件 bad") == 1


def test_an_unknown_profile_names_those_that_another_package_brings(site):
    done = python(
        site,
        "import perfkit\ntry: perfkit.load_profile('county-2023')\n"
        "except perfkit.SettingsError as error: print(error)",
    )
    assert "county-2024" in done.stdout


FORM1 = """FORM1
项目名称;河道清淤
年度;2023
资金总额;全年预算数;20;全年执行数;19
一级指标;二级指标;三级指标;年度指标值;实际完成值;分值;得分;偏差原因分析及改进措施
产出指标;数量指标;清淤长度;≥5公里;5.2公里;50;50;
效益指标;社会效益;受益人数;≥500人;520人;40;40;
"""


def test_a_format_of_another_package_is_read_as_any_other(site, tmp_path):
    (tmp_path / "form.dat").write_text(FORM1, encoding="utf-8")
    done = python(
        site,
        "import perfkit\n"
        f"form = perfkit.read({str(tmp_path / 'form.dat')!r})\n"
        "print(form.project, [row.actual for row in form.indicators], form.source.places['indicators[0].actual'])\n"
        f"print(perfkit.score(perfkit.read({FORM!r}), 'mof-2020').total.score)",
    )
    assert done.stdout.splitlines() == ["河道清淤 ['5.2公里', '520人'] line 6, field 5", "96.90"]
    assert done.stderr.count("the plug-in nobody (office-rules) (perfkit.readers) is broken") == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the plug-in form2 (perfkit.readers) cannot read this file"),
        ("zh", "插件 form2（perfkit.readers）读不了这个文件"),
    ],
)
def test_a_reader_that_breaks_is_told_by_name_with_the_file(site, tmp_path, language, said):
    (tmp_path / "form.dat").write_bytes(b"FORM2")
    done = python(
        site,
        "import perfkit\n"
        f"try: perfkit.read({str(tmp_path / 'form.dat')!r})\n"
        "except perfkit.DataError as error: print(error)",
        language,
    )
    assert said in done.stdout
    assert "form.dat" in done.stdout
    assert "IndexError" in done.stdout


def test_a_finding_of_another_package_is_found_selected_and_explained(site):
    done = python(
        site,
        "import perfkit\nfrom dataclasses import replace\nfrom perfkit.checks import explain\n"
        f"form = replace(perfkit.read({FORM!r}), department='')\n"
        "card = perfkit.score(form, 'mof-2020')\n"
        "for select in ['PK9'], ['no-department'], ['PK3']:\n"
        "    print([(each.code, each.message.en) for each in perfkit.check(form, card, select=select)])\n"
        "print(perfkit.check(replace(form, department='教育厅'), card, select=['PK9']).__len__())\n"
        "print(explain('pk901', 'en').splitlines()[0])",
    )
    found = f"[('PK901', 'A form of {ROWS} rows has no department')]"
    assert done.stdout.splitlines()[:4] == [found, found, "[]", "0"]
    assert "No department" in done.stdout.splitlines()[4]


def test_findings_that_are_broken_are_told_by_name_and_the_others_stand(site):
    done = python(
        site,
        "import perfkit\n"
        f"form = perfkit.read({FORM!r})\n"
        "from dataclasses import replace\n"
        "form = replace(form, department='')\n"
        "found = perfkit.check(form, perfkit.score(form, 'mof-2020'))\n"
        "print('PK901' in [each.code for each in found])",
    )
    assert done.stdout.split() == ["True"]
    for code, why in (
        ("PK101", "is not from PK900 to PK999"),
        ("PK902", "KeyError: 'rows'"),
        ("PK903", "AttributeError"),
        ("PK904", "the slug 'no-department' is taken"),
    ):
        (line,) = [line for line in done.stderr.splitlines() if code in line and "perfkit.findings" in line]
        assert why in line


def test_a_version_of_another_package_makes_reports_and_readings_new(site):
    code = (
        "from perfkit.batch.inputs import versions\nfrom perfkit.readers.bulk import readers_version\n"
        "print(versions().get('office-rules'), readers_version())"
    )
    ours = python(site, code).stdout.split()
    none = python(ROOT, code).stdout.split()
    assert ours[0] == "1.0"
    assert none[0] == "None"
    assert ours[1] != none[1]


def test_plug_ins_are_not_looked_up_before_something_asks(site):
    done = python(
        site,
        "import perfkit, sys\n"
        f"perfkit.score(perfkit.read({FORM!r}), 'mof-2020')\n"
        "print('office_rules' in sys.modules, 'importlib.metadata' in sys.modules)",
    )
    assert done.stdout.split()[0] == "False"
    assert done.stderr == ""
