"""More layouts, as county and provincial offices print them, drawn from the invented forms.

Each function gives the rows of one (see books.py) and what its truth has beside that of `invented`: another
value, or None where the layout does not print it.
"""

import re
from decimal import Decimal

from tests.readers.invented import Layout, truth

_TABLE = ["level1", "level2", "name", "target", "actual", "weight", "score", "reason"]
_HEADS = [
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
]
_LINES = {
    "total": "年度资金总额",
    "fiscal": "其中：当年财政拨款",
    "carried_over": "上年结转资金",
    "other": "其他资金",
}


def _wide(cells, width=8):
    return [*cells, *["<"] * (width - len(cells))]


def _title(form, text="项目支出绩效自评表"):
    return [_wide([text]), _wide([f"（{form.year}年度）"])]


def _head(form):
    return [
        _wide(["项目名称", form.project]),
        ["主管部门", form.department, "<", "<", "实施单位", form.unit, "<", "<"],
    ]


def _money(form):
    rows = [
        [
            f"项目资金（{form.money_unit}）",
            "",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ]
    ]
    for line, name in _LINES.items():
        points = ["10", form.rate, form.score] if line == "total" else ["—"] * 3
        rows.append(["^", name, *form.money[line], *points])
    return rows


def _goals(form):
    texts = ["".join(form.expected), "<", "<", "".join(form.outcome), "<", "<", "<"]
    return [["年度总体目标", "预期目标", "<", "<", "实际完成情况", "<", "<", "<"], ["^", *texts]]


def _levels(rows):
    """Give rows with `^` where a level goes on."""
    found, before = [], ("", "")
    for row in rows:
        one = "^" if row[0] == before[0] else row[0]
        two = "^" if tuple(row[:2]) == before else row[1]
        before = tuple(row[:2])
        found.append([one, two, *row[2:]])
    return found


def _rows(form):
    return [_HEADS, *_levels(form.rows)]


def _total(form):
    return [["总分", "<", "<", "<", "<", "100", form.total, ""]]


def coded_offices(form):
    """主管部门及代码, the kind and the term of the project, a person to call."""
    head = [
        _wide(["项目名称", form.project]),
        ["主管部门及代码", f"[018]{form.department}", "<", "<", "实施单位", form.unit, "<", "<"],
        ["项目属性", "经常性项目", "<", "<", "项目期", "1年", "<", "<"],
        ["项目负责人", "王敏", "<", "<", "联系电话", "0871-63120000", "<", "<"],
    ]
    changed = {"department": f"[018]{form.department}"}
    return [*_title(form), *head, *_money(form), *_goals(form), *_rows(form), *_total(form)], changed


def sections(form):
    """Titles of sections across the whole table."""
    rows = [
        *_title(form), _wide(["一、项目基本情况"]), *_head(form), _wide(["二、项目资金情况"]), *_money(form),
        _wide(["三、年度总体目标完成情况"]), *_goals(form), _wide(["四、年度绩效指标完成情况"]), *_rows(form), *_total(form),
    ]  # fmt: skip
    return rows, {}


def standards(form):
    """A column 评分标准 between the name and the target, and the weight before the target."""
    heads = ["一级指标", "二级指标", "三级指标", "评分标准", "分值", "目标值", "完成值", "自评得分"]
    order = [(a, b, c, "达到目标得满分，每低1%扣1%分值", w, t, d, s) for a, b, c, t, d, w, s, _ in form.rows]
    changed = {f"indicators[{n}].reason": None for n in range(len(form.rows))}
    end = [["合计", "<", "<", "<", "100", "", "", form.total]]
    return [*_title(form), *_head(form), *_money(form), *_goals(form), heads, *_levels(order), *end], changed


def total_on_top(form):
    """The total and the grade in the head, no total row."""
    top = [["自评总分", form.total, "<", "<", "自评等级", form.grade, "<", "<"]]
    changed = {"grade": form.grade}
    return [*_title(form), *_head(form), *top, *_money(form), *_goals(form), *_rows(form)], changed


def goals_at_the_end(form):
    """Goals, problems and measures behind the table."""
    end = [
        _wide(["年度预期目标", "".join(form.expected)]),
        _wide(["目标完成情况", "".join(form.outcome)]),
        _wide(["存在问题", "部分任务进度偏慢。"]),
        _wide(["改进措施", "提前安排，压实责任。"]),
    ]
    changed = {"notes": "存在问题：部分任务进度偏慢。\n改进措施：提前安排，压实责任。"}
    return [*_title(form), *_head(form), *_money(form), *_rows(form), *_total(form), *end], changed


def money_in_one_line(form):
    """The money as labels and values beside each other, without its sources."""
    initial, adjusted, executed = form.money["total"]
    unit = f"（{form.money_unit}）"
    money = [
        [
            f"年初预算数{unit}",
            initial,
            f"全年预算数{unit}",
            adjusted,
            f"全年执行数{unit}",
            executed,
            "<",
            "<",
        ],
        ["预算执行率", form.rate, "分值", "10", "得分", form.score, "<", "<"],
    ]
    gone = {
        f"budget.{line}.{role}": None
        for line in _LINES
        if line != "total"
        for role in ("initial", "adjusted", "executed")
    }
    return [*_title(form), *_head(form), *money, *_goals(form), *_rows(form), *_total(form)], gone


def money_on_its_side(form):
    """Sources across, amounts down."""
    roles = {"年初预算数": 0, "全年预算数": 1, "全年执行数": 2}
    money = [
        [
            f"项目资金（{form.money_unit}）",
            "资金来源",
            *(name.removeprefix("其中：") for name in _LINES.values()),
            "<",
            "<",
        ]
    ]
    money += [["^", name, *(form.money[line][n] for line in _LINES), "<", "<"] for name, n in roles.items()]
    points = {"执行率": form.rate, "分值": "10", "得分": form.score}
    money += [["^", name, text, "—", "—", "—", "<", "<"] for name, text in points.items()]
    return [*_title(form), *_head(form), *money, *_goals(form), *_rows(form), *_total(form)], {}


def two_lines_of_heading(form):
    """年度指标值 over 目标值 and 完成值, the levels over both lines."""
    heads = [
        ["一级指标", "二级指标", "三级指标", "绩效指标情况", "<", "分值", "得分", "备注"],
        ["^", "^", "^", "年初目标值", "全年完成值", "^", "^", "^"],
    ]
    return [
        *_title(form),
        *_head(form),
        *_money(form),
        *_goals(form),
        *heads,
        *_levels(form.rows),
        *_total(form),
    ], {}


def signed(form):
    """Signatures and a note to the one who fills it in at the end; the form's number in front."""
    front = [_wide(["附件3"])]
    end = [
        ["单位负责人（签字）：", "<", "<", "填表人：李华", "<", "填表日期：2025年1月8日", "<", "<"],
        _wide(["注：1.得分一档最高不能超过该指标分值上限。2.定性指标分为三档：100%-80%、80%-60%、60%-0%。"]),
    ]
    changed = {"filled_by": "李华", "filled_on": "2025年1月8日"}
    return [
        *front,
        *_title(form),
        *_head(form),
        *_money(form),
        *_goals(form),
        *_rows(form),
        *_total(form),
        *end,
    ], changed


def totals_of_levels(form):
    """The sum of a level behind its name: 产出指标 with 50分 below it, and 得分小计 at the end of each."""
    rows, found = [_HEADS], dict.fromkeys(())
    for number, one in enumerate(dict.fromkeys(row[0] for row in form.rows)):
        own = [row for row in form.rows if row[0] == one]
        weight, score = (f"{sum(Decimal(row[n]) for row in own):f}" for n in (5, 6))
        rows += [*_levels(own), [f"{one}小计", "<", "<", "<", "<", weight, score, ""]]
        found |= {
            f"subtotals[{number}].level1": one,
            f"subtotals[{number}].weight": weight,
            f"subtotals[{number}].score": score,
        }
    return [*_title(form), *_head(form), *_money(form), *_goals(form), *rows, *_total(form)], found


def points_of_several(form):
    """One weight and one score for the first two rows, and for three behind them: merged cells."""
    rows, found = [list(row) for row in form.rows], {}
    for group in ((0, 1), (4, 5, 6)):
        for role, column in (("weight", 5), ("score", 6)):
            rows[group[0]][column] = f"{sum(Decimal(form.rows[n][column]) for n in group):f}"
            found |= {f"indicators[{n}].{role}": None for n in group[1:]}
            found[f"indicators[{group[0]}].{role}"] = rows[group[0]][column]
        for n in group[1:]:
            rows[n][5:] = "^", "^", ""
            found[f"indicators[{n}].reason"] = None
    return [
        *_title(form),
        *_head(form),
        *_money(form),
        *_goals(form),
        _HEADS,
        *_levels(rows),
        *_total(form),
    ], found


def _whole(form, rows):
    return [*_title(form), *_head(form), *_money(form), *_goals(form), *rows, *_total(form)]


def two_lines_of_points(form):
    """指标值 over 年初设定 and 全年完成, 评分 over 分值 and 得分, the levels below 绩效指标."""
    heads = [
        ["绩效指标", "<", "<", "指标值", "<", "评分", "<", "偏差原因分析及改进措施"],
        ["一级指标", "二级指标", "三级指标", "年初设定", "全年完成", "分值", "得分", "^"],
    ]
    return _whole(form, [*heads, *_levels(form.rows)]), {}


def numbered_columns(form):
    """A line that numbers the columns below the heading."""
    return _whole(form, [_HEADS, [*map(str, range(1, 9))], *_levels(form.rows)]), {}


def levels_in_one_column(form):
    """产出指标-数量指标 in one column, the score before the weight."""
    heads = ["指标类别", "指标名称", "目标值", "完成值", "得分", "分值", "备注", "<"]
    rows = [[f"{a}-{b}", c, t, d, s, w, r, "<"] for a, b, c, t, d, w, s, r in form.rows]
    end = [["总分", "<", "<", "<", form.total, "100", "", "<"]]
    return [*_title(form), *_head(form), *_money(form), *_goals(form), heads, *rows, *end], {}


def last_year(form):
    """What the year before had, beside the target, in place of the reason."""
    heads = ["一级指标", "二级指标", "三级指标", "上年实际值", "本年目标值", "本年完成值", "分值", "得分"]
    order = [(a, b, c, d, t, d, w, s) for a, b, c, t, d, w, s, _ in form.rows]
    changed = {f"indicators[{n}].reason": None for n in range(len(form.rows))}
    end = [["总分", "<", "<", "<", "<", "<", "100", form.total]]
    rows = [heads, *_levels(order), *end]
    return [*_title(form), *_head(form), *_money(form), *_goals(form), *rows], changed


def units_apart(form):
    """The unit in a column of its own, for the target and for the actual, which are bare figures."""
    heads = ["一级指标", "二级指标", "三级指标", "计量单位", "年初目标值", "实际完成值", "分值", "得分"]
    changed, rows = {f"indicators[{n}].reason": None for n in range(len(form.rows))}, []
    for n, (a, b, c, target, actual, w, s, _) in enumerate(form.rows):
        found = re.fullmatch(r"([≥≤]?[\d.]+)(\D+)", target)
        sign, unit = found.groups() if found and not re.search("[月日前]", target) else (target, "—")
        bare = actual.removesuffix(unit)
        rows.append([a, b, c, unit, sign, bare, w, s])
        changed |= {f"indicators[{n}].actual": bare, f"indicators[{n}].target": target}
    end = [["总分", "<", "<", "<", "<", "<", "100", form.total]]
    rows = [heads, *_levels(rows), *end]
    return [*_title(form), *_head(form), *_money(form), *_goals(form), *rows], changed


def reviewed(form):
    """得分 over 自评 and 复核, with what the reviewer found (佐证材料不全)."""
    heads = [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "<", "复核意见"],
        ["^", "^", "^", "^", "^", "^", "自评", "复核", "^"],
    ]
    changed, rows = {"review_total": form.total}, []
    for n, row in enumerate(form.rows):
        opinion = "佐证材料不全" if n % 3 == 1 else ""
        rows.append([*row[:7], row[6], opinion])
        found = {"reason": None, "review": row[6], "opinion": opinion or None}
        changed |= {f"indicators[{n}].{role}": text for role, text in found.items()}
    above = [*_title(form), *_head(form), *_money(form), *_goals(form)]
    end = ["总分", "<", "<", "<", "<", "100", form.total, form.total, ""]
    return [*([*row, "<"] for row in above), *heads, *_levels(rows), end], changed


def two_authorities(form):
    """中央主管部门 and 地方主管部门 on one line: the first is the form's."""
    head = [
        _wide(["转移支付（项目）名称", form.project]),
        ["中央主管部门", "水利部", "<", "<", "地方主管部门", form.department, "<", "<"],
        _wide(["资金使用单位", form.unit]),
    ]
    rows = [*_title(form), *head, *_money(form), *_goals(form), *_rows(form), *_total(form)]
    return rows, {"department": "水利部"}


COUNTY = {
    each.__name__: each
    for each in (
        coded_offices, sections, standards, total_on_top, goals_at_the_end, money_in_one_line, money_on_its_side,
        two_lines_of_heading, signed, totals_of_levels, points_of_several,
        two_lines_of_points, numbered_columns, levels_in_one_column, last_year, units_apart, reviewed, two_authorities,
    )
}  # fmt: skip


def drawn_and_true(name, form):
    """Give the rows of a layout and every value that they print, by path."""
    rows, changed = COUNTY[name](form)
    found = {path: text for path, text in {**truth(form, Layout()), **changed}.items() if text is not None}
    return rows, found
