"""The department's summary, run as its readers run it and published."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import papermill
import pytest
from lxml import html

from perfkit.publish import publish
from tests.batch.light import add_project, light_report, make_workspace

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "portfolio_report.ipynb"


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    """The notebook executed over three projects and one that fails."""
    workspace = make_workspace(tmp_path_factory.mktemp("summary"))
    add_project(workspace, "good", executed=95)
    add_project(workspace, "fair", executed=40, actual="8门")
    add_project(workspace, "poor", executed=10, actual="2门")
    add_project(workspace, "lost")
    (workspace / "params/forms/lost.yaml").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        light_report(workspace, rows=True)
        return papermill.execute_notebook(
            str(NOTEBOOK), "summary.ipynb", {"score_line": 60}, engine_name="perfkit", progress_bar=False
        )


def test_it_tells_the_whole_and_its_parts(summary):
    page = html.fromstring(publish(summary, ("html",))["html"].decode("utf-8"))
    words = page.text_content()
    assert [head.text_content() for head in page.iter("h1")] == ["部门绩效自评汇总"]
    assert "2022年，1个部门的3个项目开展绩效自评" in words.replace(" ", "")
    assert "48.33%" in words  # of all money together: 145 of 300
    headings = [head.text_content() for head in page.iter("h2")]
    assert headings[:2] == ["总体情况", "分部门情况"]
    assert headings[-1] == "未能生成的报告"
    assert "得分低于60分或执行率低于50%的项目" in headings
    assert len(page.xpath("//figure//*[local-name()='svg' or local-name()='img']")) == 3
    assert page.xpath("//table//td[normalize-space()='lost']")


def test_it_prints_and_its_charts_are_described(summary):
    made = publish(summary, ("pdf", "docx", "html"))
    assert made["pdf"].startswith(b"%PDF")
    document = docx.Document(BytesIO(made["docx"]))
    told = [each.get("descr") for each in document.element.body.iter("{*}docPr")]
    assert [each.split("。")[0] for each in told] == ["得分分布", "预算执行率分布", "各维度平均扣分"]
    assert all(re.search(r"\d", each) for each in told)
    assert "没有文字说明" not in made["html"].decode("utf-8")
