"""How a result shows itself in a notebook: the right fragments, with a small style of their own."""

from __future__ import annotations

from functools import singledispatch

from perfkit.checks import Findings
from perfkit.display import tables, views
from perfkit.display.markup import render
from perfkit.form import Form
from perfkit.narrative import Grid, Paragraph, Points, Section, Story
from perfkit.profile import Profile
from perfkit.scoring import Scorecard


@singledispatch
def html_of(result: object) -> str:
    """Give a result as a fragment of HTML5; everything a form says is text, never markup."""
    raise TypeError(f"no HTML is known for {type(result).__name__}")


@html_of.register(Form)
def _(form: Form) -> str:
    return render("form", "zh", form=form, funds=form.budget, unit=views.money_unit(form, "zh")).text


@html_of.register(Scorecard)
def _(card: Scorecard) -> str:
    return tables.official(card).text


@html_of.register(Findings)
def _(findings: Findings) -> str:
    return tables.findings(findings).text


@html_of.register(Section)
def _(section: Section) -> str:
    return render("section", section.language, section=section, kind=_kind).text


@html_of.register(Story)
def _(story: Story) -> str:
    return render("story", story.language, story=story, kind=_kind).text


@html_of.register(Profile)
def _(profile: Profile) -> str:
    return render("profile", "zh", profile=profile).text


def _kind(block: Paragraph | Points | Grid) -> str:
    return type(block).__name__
