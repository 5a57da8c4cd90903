"""Through LibreOffice and back: a written form, made into a PDF or a web page, reads as the same form.

The forms are chosen ones, and a batch drawn with Hypothesis that one run of LibreOffice converts.
"""

import pickle
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from perfkit.form import Budget, Fund, Goals, Indicator
from perfkit.readers.formats import parse
from perfkit.readers.layout.kinds import is_empty
from perfkit.readers.structured import read_structured
from perfkit.writers import Layout, write
from tests.writers import drawn

ROOT = Path(__file__).parents[2]
FORMS = ROOT / "params" / "forms"
OFFICE = shutil.which("soffice")

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed"),
]


def typed(name):
    return read_structured((FORMS / name).read_bytes(), name)


def long_form():
    """Give a form of three pages, with long texts that wrap and levels that a page break cuts."""
    form = typed("online-learning-2022.yaml")
    kinds = [
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("效益指标", "社会效益指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]
    rows = tuple(
        Indicator(
            name=f"第{number + 1}项重点工作任务按照年度计划推进落实情况", level1=kinds[number // 14][0],
            level2=kinds[number // 14][1], target=f"≥{number + 1}个", actual="按计划完成全部工作任务并通过验收",
            weight=Decimal("1.5"), score=Decimal("1.5") if number % 5 else Decimal(1),
            reason=None if number % 5 else "受疫情影响，工作推进较慢，下一步加强统筹，确保按期完成",
        )
        for number in range(56)
    )  # fmt: skip
    return replace(form, indicators=rows, total=None)


def odd_form():
    """Give a form of odd texts, blanks and figures."""
    rows = (
        Indicator(
            "=1+1", "产出指标(50分)", "数量指标", "≥95%", "@SUM", Decimal("2.5"), Decimal("2.50"), "+x"
        ),
        Indicator("<b>a & b</b>", "产出指标(50分)", None, "$x$ *a*", None, Decimal(40), None, "-"),
        Indicator("甲", None, None, None, "无", Decimal(10), Decimal(0), "见备注"),
    )
    rows = (rows[0], replace(rows[1], reason=None), rows[2])
    budget = Budget(Fund(Decimal("0.50"), Decimal(12), Decimal("1234567.89"), Decimal(20), "0.958", Decimal("19.2")),
                    other=Fund(None, Decimal(1), None))  # fmt: skip
    form = typed("online-learning-2022.yaml")
    return replace(form, project="#import “x”", unit=None, budget=budget, goals=Goals(None, "完成"),
                   indicators=rows, total=Decimal("96.90"), grade="优", notes="甲：乙")  # fmt: skip


def reviewed_form():
    """Give a form with deductions, a reviewer's scores and opinions, and totals of both."""
    form = typed("online-learning-2022.yaml")
    rows = [replace(row, deduction=Decimal("0.5"), review=Decimal(4)) for row in form.indicators]
    rows[0] = replace(rows[0], deduction=None, review=None, opinion="佐证材料不全，扣减一分")
    total = replace(form.budget.total, review=Decimal("9.80"))
    budget = replace(form.budget, total=total)
    return replace(form, budget=budget, indicators=tuple(rows), review_total=Decimal("94.50"))


LEVELS = (
    "产出指标(50分) 数量指标", "产出指标(50分) 质量指标", "产出指标(50分) 时效指标", "产出指标(50分) 成本指标",
    "效益指标(30分) 经济效益指标", "效益指标(30分) 社会效益指标", "效益指标(30分) 可持续影响指标",
    "满意度指标(10分) 服务对象满意度指标",
)  # fmt: skip


def broken_form(number):
    """Give a form of levels with few rows and many, so that page breaks cut them anywhere; each number another."""
    chance = random.Random(number)
    form = typed("online-learning-2022.yaml")
    names = ("发布新课件", "群众对基础设施改造工作的综合满意程度", "培训班次")
    reasons = (None, None, "受疫情影响，工作推进较慢，下一步加强统筹，确保按期完成")
    rows = tuple(
        Indicator(
            name=f"{chance.choice(names)}{at}", level1=level.split()[0], level2=level.split()[1],
            target="≥95%", actual="98.5%", weight=Decimal("1.5"), score=Decimal("1.5"), reason=chance.choice(reasons),
        )
        for level in LEVELS for at in range(chance.choice((1, 2, 3, 9, 16)))
    )  # fmt: skip
    return replace(form, indicators=rows, total=sum(row.score for row in rows) + form.budget.total.score)


BROKEN = {"xlsx": (2, 12, 17), "docx": (13, 16)}  # breaks that cut labels: a page between, margins, headings

CASES = {
    "reviewed": (reviewed_form, Layout()),
    "learning": (lambda: typed("online-learning-2022.yaml"), Layout()),
    "training": (
        lambda: typed("leadership-training-2022.yaml"),
        Layout(parted_target=True, two_line_heading=True),
    ),
    "stacked": (
        lambda: typed("leadership-training-2022.yaml"),
        Layout(stacked_goals=True, merged_levels=False),
    ),
    "odd": (odd_form, Layout()),
    "long": (long_form, Layout()),
}


DRAWN = 32
ROUTES = [(ending, target) for target in ("pdf", "html") for ending in ("xlsx", "docx")]


@pytest.fixture(scope="module")
def cases():
    """Give the chosen forms by name, and drawn ones by number, each with its layout."""
    chosen = {name: (form(), layout) for name, (form, layout) in CASES.items()}
    drawn_ones = {str(number): case for number, case in enumerate(same_every_time(DRAWN))}
    # one in which nothing is filled in is refused as the template that it is (readers/test_kinds.py)
    return chosen | {name: case for name, case in drawn_ones.items() if not is_empty(case[0])}


def same_every_time(count):
    """Draw forms in a process of their own: Hypothesis also draws from what a process has imported."""
    code = f"import pickle, sys; from tests.writers import drawn; sys.stdout.buffer.write(pickle.dumps(drawn.cases({count})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    return pickle.loads(done.stdout)


@pytest.fixture(scope="module")
def converted(tmp_path_factory, cases):
    """Convert every case from Excel and Word to PDF and HTML, in one run of LibreOffice for each route."""
    folder = tmp_path_factory.mktemp("office")
    for ending, target in ROUTES:
        sources = [folder / f"{target}-{ending}-{name}.{ending}" for name in cases]
        for source, (form, layout) in zip(sources, cases.values(), strict=True):
            write(drawn.shown(form, target), source, layout=layout)
        convert(sources, target, folder)
    return folder


def convert(sources, target, folder):
    """Convert documents in one run of LibreOffice."""
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", target,
               "--outdir", folder, *sources]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)


@pytest.mark.parametrize(("ending", "target"), ROUTES)
def test_every_form_comes_back_through_an_office_program(converted, cases, ending, target):
    wrong = {}
    for name, (form, layout) in cases.items():
        path = converted / f"{target}-{ending}-{name}.{target}"
        (read,) = parse(path.read_bytes(), path.name)
        wanted = drawn.shown(form, target)
        if (ending, target) == ("docx", "pdf"):
            read, wanted = drawn.without_blanks_of_wraps(read), drawn.without_blanks_of_wraps(wanted)
        if found := drawn.differences(read, wanted):
            wrong[name] = (layout, found)
    assert wrong == {}


def test_levels_are_right_wherever_a_page_breaks(tmp_path):
    made = {
        f"{number}.{ending}": broken_form(number) for ending, numbers in BROKEN.items() for number in numbers
    }
    for name, form in made.items():
        write(form, tmp_path / name)
    convert([tmp_path / name for name in made], "pdf", tmp_path)
    for name, form in made.items():
        (read,) = parse((tmp_path / name).with_suffix(".pdf").read_bytes(), "form.pdf")
        found = [(row.level1, row.level2, row.name) for row in read.indicators]
        assert found == [(row.level1, row.level2, row.name) for row in form.indicators], name
        assert read.reading.state == "proven", name
