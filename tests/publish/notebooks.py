"""Executed notebooks for the tests of publishing: made by hand, or by the report notebook on a form."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest.mock import patch

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

WORKSPACE = Path(__file__).parents[2]
MARKED = '<h1>甲项目</h1><p class="pk-subtitle">财政局 · 2022 年度</p>'


def notebook(*cells, tagged=True, **parameters):
    """Give an executed notebook of some cells; text stands for an HTML output."""
    made = [output(cell) if isinstance(cell, str) else cell for cell in cells]
    if tagged:
        source = 'language = "zh"\ntheme = ""\ncode = False'
        made.insert(0, new_code_cell(source, metadata={"tags": ["parameters"]}))
    metadata = {"papermill": {"parameters": parameters}} if parameters else {}
    return new_notebook(cells=made, metadata=metadata)


def output(html="", *, source="x", tags=(), metadata=None, **data):
    """Give a code cell with one displayed output: HTML, or `kind__subkind="…"` for other kinds."""
    kinds = {kind.replace("__", "/").replace("_xml", "+xml"): value for kind, value in data.items()}
    if html:
        kinds["text/html"] = html
    shown = new_output("display_data", kinds, metadata=metadata or {})
    return new_code_cell(source, outputs=[shown], metadata={"tags": list(tags)})


def stream(text, name="stdout"):
    return new_code_cell("x", outputs=[new_output("stream", name=name, text=text)])


def markdown(text, **more):
    return new_markdown_cell(text, **more)


def row(number, **more):
    """Give one row of a form file."""
    given = {
        "level1": "产出指标", "level2": "数量指标", "name": f"指标{number}", "target": "≥90%", "actual": "95%",
        "weight": 1, "score": 1, "reason": "",
    }  # fmt: skip
    return {**given, **more}


def form(rows, **more):
    """Give a form file's content."""
    total = {"initial": 100, "adjusted": 100, "executed": 98, "weight": 10, "rate": "98%", "score": 9.8}
    given = {
        "project": "测试项目", "year": 2022, "department": "财政局", "unit": "评审中心", "money_unit": "万元",
        "budget": {"total": total}, "goals": {"expected": "目标", "outcome": "完成"}, "indicators": rows, "total": "99",
    }  # fmt: skip
    return {**given, **more}


@cache
def _cells():
    return nbformat.read(WORKSPACE / "notebooks" / "project_report.ipynb", 4)


def run_report(path, language="zh", profile="mof-2020"):
    """Run the report notebook on a form file, in this process, and give it with its outputs."""
    from IPython.core.formatters import DisplayFormatter

    show = DisplayFormatter().format
    parameters = {"form": str(path), "profile": profile, "language": language}
    done, names = nbformat.from_dict(_cells()), {}
    with patch("IPython.display.display") as display:
        for cell in (cell for cell in done.cells if cell.cell_type == "code"):
            exec(cell.source, names)
            if "parameters" in cell.metadata.get("tags", ()):
                names.update(parameters)
            given = [show(shown) for call in display.call_args_list for shown in call.args]
            cell.outputs = [new_output("display_data", data, metadata=metadata) for data, metadata in given]
            display.reset_mock()
    done.metadata["papermill"] = {"parameters": parameters, "end_time": "2024-03-01T08:00:00+00:00"}
    return done


def report_on(folder, content, **more):
    """Write a form file into a folder and run the report notebook on it."""
    path = folder / "form.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return run_report(path, **more)
