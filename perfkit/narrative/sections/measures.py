"""The measures (改进措施): problem → measure → owner → deadline, as far as the form says.

The form keeps cause and measure in one cell. What follows a word such as 改进措施, 下一步 or 加强 is
taken as the measure, a date in it as its deadline; the implementing unit stands as owner, named as such.
All else is left to fill in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.narrative.clauses import fact
from perfkit.narrative.story import Grid, Paragraph
from perfkit.narrative.wording import one_line
from perfkit.scoring.points import less

if TYPE_CHECKING:
    from perfkit.narrative.case import Case
    from perfkit.narrative.story import Block

# A heading, a time to come, or a clause that opens with what will be done and names no cause.
_MEASURE = re.compile(
    r"(?:(?:改进|整改|应对)(?:工作)?)?措施(?:是|为|[:：])"
    r"|(?:下一步|下一?年度?|明年|来年|次年|今后|后续)(?!度)"
    r"|(?:^|(?<=[，,。；;、 ]))"
    r"(?:将|拟|尽快|抓紧|继续|进一步|加强|加大|加快|完善|强化|督促|优化|健全|推进|规范|落实|重新"
    r"|已(?:重新|要求|督促|整改|安排|落实))"
    r"(?![^。；;]*(?:导致|造成|影响|不足|不够|不到位|滞后|未能|困难|所致))"
)
_DEADLINE = re.compile(
    r"(?:\d{4}年|[明次]年)?\d{1,2}月(?:\d{1,2}[日号])?(?:底|末|中旬|上旬|下旬)?之?前?"
    r"|(?:\d{4}年|[明次]年)底?之?[前内]|年底之?前"
)


def measures(case: Case) -> tuple[Block, ...]:
    """Give a row for each deviation, and one for an execution under the profile's line."""
    rows = [
        _row(case, case.say("measures.row", name=case.label(e.row, full=True), what=fact(case, e)), e.reason)
        for e in case.deviations
    ]
    rows = [*_execution(case), *rows]
    if not rows:
        return (Paragraph(case.say("measures.none")),)
    heading = tuple(case.say(f"measures.{column}") for column in ("problem", "measure", "owner", "deadline"))
    return Paragraph(case.say("measures.opening")), Grid(heading, tuple(rows))


def _row(case: Case, problem: str, reason: str) -> tuple[str, ...]:
    to_fill = case.say("label.to_fill")
    measure = stated_measure(reason)
    deadline = _DEADLINE.search(measure)
    return problem, measure or to_fill, _owner(case) or to_fill, deadline[0] if deadline else to_fill


def stated_measure(reason: str) -> str:
    """Give the part of a reason cell that states a measure, "" where none does."""
    line = one_line(reason)
    found = _MEASURE.search(line)
    return line[found.start() :].lstrip("，,；;。 ").rstrip("。") if found else ""


def _owner(case: Case) -> str:
    unit = one_line(case.form.unit or "")
    return case.say("measures.owner_unit", unit=case.voice.wording.mention(unit)) if unit else ""


def _execution(case: Case) -> list[tuple[str, ...]]:
    fund, rate = case.fund, case.card.budget.rate
    if rate is None or rate >= case.card.profile.thresholds.low_execution:
        return []
    if fund.adjusted is None or fund.executed is None:
        return []
    rest = case.money(less(fund.adjusted, fund.executed))
    return [_row(case, case.say("measures.execution", rate=rate, rest=rest), "")]
