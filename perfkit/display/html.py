"""How a result shows itself in a notebook: the fragment that serves it, with a small style of its own."""

from __future__ import annotations

from functools import singledispatch

from perfkit.checks import Findings
from perfkit.display import tables, views
from perfkit.display.markup import render, styled
from perfkit.form import Form
from perfkit.narrative import Grid, Paragraph, Points, Section, Story
from perfkit.profile import Profile
from perfkit.profiles.in_words import cited, profile_table, rolling
from perfkit.rollup import RollUp
from perfkit.scoring import Scorecard


@singledispatch
def html_of(result: object) -> str:
    """Give a result as a fragment of HTML5; everything a form says is text, never markup."""
    raise TypeError(f"no HTML is known for {type(result).__name__}")


@html_of.register(Form)
def _(form: Form) -> str:
    return styled(tables.printed(form).text)


@html_of.register(Scorecard)
def _(card: Scorecard) -> str:
    headline = views.headline(card, "zh")
    return styled(render("scorecard", "zh", headline=headline, official=tables.official(card)).text)


@html_of.register(Findings)
def _(findings: Findings) -> str:
    return styled(tables.findings(findings).text)


@html_of.register(Section)
def _(section: Section) -> str:
    if not section.blocks:
        return ""
    return styled(render("section", section.language, section=section, kind=_kind).text)


@html_of.register(Story)
def _(story: Story) -> str:
    sections = [section for section in story.sections if section.blocks]
    return styled(
        render("story", story.language, headline=story.headline, sections=sections, kind=_kind).text
    )


@html_of.register(Profile)
def _(profile: Profile) -> str:
    return styled(render("profile", "zh", profile=profile, rules=profile_table(profile), cited=cited).text)


@html_of.register(RollUp)
def _(result: RollUp) -> str:
    shown = {
        "result": result,
        "headline": views.rolled_headline(result, "zh"),
        "rule": rolling(result.profile),
    }
    return styled(render("rollup", "zh", **shown, cited=cited).text)


def _kind(block: Paragraph | Points | Grid) -> str:
    return type(block).__name__
