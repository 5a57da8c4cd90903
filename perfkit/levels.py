"""What the headings of the indicator table mean: level 1 (一级指标) and level 2 (二级指标).

Headings are printed in many ways (`产出指标(50分)`, `数量`, `服务对象满意度指标等`, `成本 指标`); here each
is brought to its canonical name, and a weight printed in it is read off.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from perfkit.text import fold_cell

# Each row: canonical name, and the words that make a heading it; the first row that fits counts.
LEVEL1: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("满意度指标", ("满意",)),
    ("成本指标", ("成本",)),
    ("产出指标", ("产出", "完成指标")),
    ("效益指标", ("效益", "效果", "影响")),
    ("决策指标", ("决策", "投入", "立项")),
    ("过程指标", ("过程", "管理", "执行")),
)
LEVEL2: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("服务对象满意度指标", ("满意",)),
    ("生态环境成本指标", ("生态环境成本", "生态成本", "环境成本")),
    ("社会成本指标", ("社会成本",)),
    ("经济成本指标", ("经济成本",)),
    ("可持续影响指标", ("可持续", "持续影响", "持续发展", "影响力")),
    ("生态效益指标", ("生态", "环境效益")),
    ("社会效益指标", ("社会",)),
    ("经济效益指标", ("经济",)),
    ("数量指标", ("数量",)),
    ("质量指标", ("质量",)),
    ("时效指标", ("时效", "时间", "进度")),
    ("成本指标", ("成本",)),
)
_LONGEST = 100
_WEIGHT = re.compile(r"[^0-9.]{0,30}?([0-9]{1,3}(?:\.[0-9]{1,4})?)分?[)%]*")
_DECORATION = re.compile(
    r"(?:[★☆*·●○◆◇■□▲△※#]+|其中[:,]?|指标(?:[0-9](?=20[0-9]{2})|[0-9一二三四五六七八九十]{1,2})[:.、)]?|[(]?[0-9]{1,2}[.、)](?![0-9]))+"
)


def level1(text: str | None) -> str | None:
    """Give the canonical level-1 name of a heading, or None where it is none."""
    return _canonical(text[:_LONGEST], 1) if text else None


def level2(text: str | None) -> str | None:
    """Give the canonical level-2 name of a heading, or None where it is none."""
    return _canonical(text[:_LONGEST], 2) if text else None


def heading_weight(text: str | None) -> Decimal | None:
    """Read the points printed in a heading (`产出指标(50分)`, `数量指标15分`, `效益指标30分)`), if any."""
    found = _WEIGHT.fullmatch(fold_cell(text)) if text else None
    return Decimal(found[1]) if found else None


def strip_decoration(name: str) -> str:
    """Take marks off an indicator's name: `指标1:`, `★`, `其中`; a name without them stays as printed."""
    return bare_name(name) if _DECORATION.match(fold_cell(name)) else name.strip()


def bare_name(name: str) -> str:
    """Give an indicator's name folded as cells are, without its marks: what its words are looked for in."""
    folded = fold_cell(name)
    found = _DECORATION.match(folded)
    return folded[found.end() :] or folded if found else folded


@lru_cache(maxsize=1024)
def _canonical(text: str, level: int) -> str | None:
    folded = fold_cell(text)
    headings = LEVEL1 if level == 1 else LEVEL2
    return next((name for name, words in headings if any(word in folded for word in words)), None)
