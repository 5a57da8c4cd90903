"""The cases that the tests of the story share: generated results, and rows made to measure."""

from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

import perfkit
from perfkit.checks import Finding, Findings
from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.language import Text
from perfkit.narrative import Grid, Paragraph, Points
from tests.strategies import forms, reviewed_forms, scored_forms

ROOT = Path(__file__).parents[2]
SEVERITY = {"PK101": "error", "PK104": "error", "PK206": "warning", "PK402": "warning", "PK404": "info"}


@st.composite
def findings_on(draw, form):
    """Give findings as checks would: a message with figures, on a row or on the form."""
    rows = st.none() | st.integers(1, len(form.indicators)) if form.indicators else st.none()
    found = draw(
        st.lists(st.tuples(st.sampled_from(sorted(SEVERITY)), rows, st.integers(0, 99)), max_size=14)
    )
    return Findings(
        [
            Finding(
                code,
                code.lower(),
                SEVERITY[code],
                Text(f"{code}一处，应为{figure}分", f"{code} should be {figure} points"),
                Text("证据", "evidence"),
                Text("改正", "mend"),
                row=row,
            )
            for code, row, figure in found
        ]
    )


@st.composite
def results(draw, kinds=None):
    """Give a form with its scorecard under any profile, and findings."""
    form = draw(kinds if kinds is not None else forms() | scored_forms() | reviewed_forms())
    card = perfkit.score(form, profile=draw(st.sampled_from(perfkit.profile_names())))
    return form, card, draw(findings_on(form))


def row(name="培训人次", target="≥100人次", actual="80人次", weight="10", score=None, reason=None, **more):
    """Give an indicator row, short of its target unless told otherwise."""
    more = {"level1": "产出指标", "level2": "数量指标"} | more
    points = None if weight is None else Decimal(weight)
    declared = None if score is None else Decimal(score)
    return Indicator(
        name=name, target=target, actual=actual, weight=points, score=declared, reason=reason, **more
    )


def form_of(*rows, **more):
    """Give a form of these rows, its budget spent in full."""
    line = Fund(Decimal(100), Decimal(100), Decimal(100), Decimal(10), "100%", Decimal(10))
    more = {"project": "乡村道路养护", "year": 2022, "budget": Budget(total=line)} | more
    return Form(indicators=tuple(rows), **more)


def seed(name):
    """Give one of the published forms with its scorecard as it was scored in Shanghai."""
    form = perfkit.read(ROOT / "params" / "forms" / f"{name}.yaml")
    return form, perfkit.score(form, profile="shanghai-2022")


def told(form, profile="mof-2020", findings=(), language="zh"):
    """Tell the story of a form."""
    return perfkit.narrate(form, perfkit.score(form, profile=profile), findings, language=language)


def passages(section):
    """Give every text of a section: paragraphs whole, each item, each cell."""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield f"{block.lead} {block.text}".strip()
        elif isinstance(block, Points):
            yield from block.items
        elif isinstance(block, Grid):
            yield from (cell for line in (block.heading, *block.rows) for cell in line)


def text_of(story):
    """Give a story as text, headings and all, as the snapshots hold it; what is silent has no heading."""
    lines = [story.headline]
    for section in (section for section in story.sections if section.blocks):
        lines += ["", f"# {section.heading}"]
        for block in section.blocks:
            if isinstance(block, Paragraph):
                lines.append(f"**{block.lead}** {block.text}".strip() if block.lead else block.text)
            elif isinstance(block, Points):
                lines += [f"- {item}" for item in block.items]
            else:
                lines += [" | ".join(line) for line in (block.heading, *block.rows)]
    return "\n".join(lines) + "\n"
