"""Forms that nobody filed, each laid out in many ways, with every value that a reader must find.

A layout is a choice for each part of the form: the head, the money, the goals, the columns of the table, how
its levels stand, and how it ends. `laid_out` draws one as rows of cells (`<` goes on from the left, `^` from
above, see books.py); `truth` gives the values by their paths.
"""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Invented:
    """Hold a form: head, goals, money (initial, adjusted, executed by line) and rows, all as printed."""

    year: str
    project: str
    department: str
    unit: str
    money_unit: str
    money: dict
    rate: str
    score: str
    expected: tuple
    outcome: tuple
    rows: tuple
    grade: str = "优"

    @property
    def total(self):
        """Give the sum of all scores."""
        return f"{sum(Decimal(row[6]) for row in self.rows) + Decimal(self.score):f}"


@dataclass(frozen=True)
class Layout:
    """Hold a choice for each part; see the functions of the parts for what there is to choose."""

    head: str = "official"
    money: str = "official"
    goals: str = "beside"
    columns: str = "level1 level2 name target actual weight score reason"
    levels: str = "merged"
    block: str = ""
    subtotals: bool = False
    total: str = "official"
    end: str = ""
    words: dict = field(default_factory=dict)


ROAD = Invented(
    "2024", "农村道路安全隐患整治", "县交通运输局", "县公路养护中心", "万元",
    {"total": ("865.4", "842.6", "801.35"), "fiscal": ("700", "680", "650.15"), "carried_over": ("65.4", "62.6", "61.2"), "other": ("100", "100", "90")},
    "95.1%", "9.51",
    ("全年整治临水临崖路段38.5公里，增设波形护栏4.2万米。", "计划更换标志标牌600块，确保按期通过验收。", "预期群众出行满意度不低于92%。"),
    ("实际整治临水临崖路段38.5公里，增设波形护栏4.31万米。", "已更换标志标牌566块，全部通过验收。", "群众出行满意度达到94.2%。"),
    (
        ("产出指标", "数量指标", "整治路段里程", "≥38.5公里", "38.5公里", "12", "12", ""),
        ("产出指标", "数量指标", "增设波形护栏", "≥4.2万米", "4.31万米", "10", "10", ""),
        ("产出指标", "数量指标", "更换标志标牌", "≥600块", "566块", "8", "7.5", "部分路段规划调整；待规划确定后补装"),
        ("产出指标", "质量指标", "工程验收合格率", "100%", "100%", "10", "10", ""),
        ("产出指标", "时效指标", "完工时间", "10月底前", "9月28日", "5", "5", ""),
        ("产出指标", "成本指标", "项目总投资", "≤865.4万元", "801.35万元", "5", "5", ""),
        ("效益指标", "社会效益指标", "交通事故下降率", "≥15%", "13.6%", "15", "13.6", "雨季长、车流大；增设减速设施和夜间警示"),
        ("效益指标", "可持续影响指标", "管养机制", "长效运行", "长效运行", "15", "15", ""),
        ("满意度指标", "服务对象满意度指标", "沿线群众满意度", "≥92%", "94.2%", "10", "10", ""),
    ),
)  # fmt: skip
TRAINING = Invented(
    "2023", "退役军人职业技能培训", "市退役军人事务局", "市退役军人服务中心", "元",
    {"total": ("1500000", "1460000", "1460000"), "fiscal": ("1500000", "1460000", "1460000"), "carried_over": ("", "", ""), "other": ("", "", "")},
    "100%", "10",
    ("组织退役军人参加技能培训，拟开班12期。", "培训人数不少于480人，就业率力争达到85%。"),
    ("共计开班12期，退役军人踊跃参加。", "培训人数503人，就业率88.07%，均超过目标。"),
    (
        ("产出指标", "数量指标", "开办培训班", "12期", "12期", "10", "10", ""),
        ("产出指标", "数量指标", "参训人数", "≥480人", "503人", "15", "15", ""),
        ("产出指标", "质量指标", "结业考核通过率", "≥95%", "93.04%", "10", "9.8", "少数学员缺课；实行补课和补考"),
        ("产出指标", "时效指标", "培训及时性", "及时", "及时", "10", "10", ""),
        ("成本指标", "经济成本指标", "人均培训成本", "≤3200元/人", "2902.58元/人", "10", "10", ""),
        ("效益指标", "社会效益指标", "学员就业率", "≥85%", "88.07%", "15", "15", ""),
        ("效益指标", "社会效益指标", "培训知晓度", "逐步提高", "达成预期指标", "10", "10", ""),
        ("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "97%", "10", "10", ""),
    ),
)  # fmt: skip
CANTEEN = Invented(
    "2022", "校园食堂明厨亮灶改造补助", "区教育体育局", "区教育装备管理所", "万元",
    {"total": ("240", "240", "198.72"), "fiscal": ("240", "240", "198.72"), "carried_over": ("0", "0", "0"), "other": ("0", "0", "0")},
    "82.8%", "8.28",
    ("计划改造食堂26个，安装监控设备208套。",),
    ("改造食堂22个，安装监控设备181套；4个食堂因校舍加固未动工。",),
    (
        ("产出指标", "数量指标", "改造食堂数量", "26个", "22个", "20", "16.92", "4所学校校舍加固未结束；已列入下年计划"),
        ("产出指标", "数量指标", "安装监控设备", "208套", "181套", "10", "8.7", "随食堂改造顺延；同步安排"),
        ("产出指标", "质量指标", "设备验收合格率", "≥98%", "100%", "10", "10", ""),
        ("产出指标", "时效指标", "改造完成及时率", "≥90%", "84.62%", "10", "9.4", "校舍加固影响；提前沟通工期"),
        ("效益指标", "社会效益指标", "食品安全事故", "0起", "0起", "20", "20", ""),
        ("效益指标", "可持续影响指标", "食堂管理水平", "有所提升", "明显提升", "10", "10", ""),
        ("满意度指标", "服务对象满意度指标", "师生满意度", "≥85%", "91%", "5", "5", ""),
        ("满意度指标", "服务对象满意度指标", "家长满意度", "≥85%", "89.5%", "5", "5", ""),
    ),
    "良",
)  # fmt: skip
FOREST = Invented(
    "2021", "森林病虫害防治", "省林业和草原局", "省森林病虫害防治检疫总站", "万元",
    {"total": ("3200", "3350.5", "3311.08"), "fiscal": ("3000", "3150.5", "3111.08"), "carried_over": ("", "", ""), "other": ("200", "200", "200")},
    "98.82%", "9.88",
    ("防治松材线虫病面积不少于45万亩，确保疫情不扩散。",),
    ("完成松材线虫病防治46.8万亩，疫点减少3个。",),
    (
        ("产出指标", "数量指标", "松材线虫病防治面积", "45万亩", "46.8万亩", "15", "15", ""),
        ("产出指标", "数量指标", "清理病死木", "≥30000株", "32150株", "10", "10", ""),
        ("产出指标", "数量指标", "举办技术培训", "6期", "5期", "5", "4.2", "一期因疫情取消；改为线上培训"),
        ("产出指标", "质量指标", "无公害防治率", "≥90%", "92.4%", "10", "10", ""),
        ("产出指标", "时效指标", "春季防治完成时间", "5月31日前", "5月20日", "10", "10", ""),
        ("效益指标", "经济效益指标", "挽回木材损失", "≥5000立方米", "5210立方米", "10", "10", ""),
        ("效益指标", "生态效益指标", "疫点减少数", "≥2个", "3个", "10", "10", ""),
        ("效益指标", "可持续影响指标", "监测预警体系", "基本健全", "健全", "10", "10", ""),
        ("满意度指标", "服务对象满意度指标", "林农满意度", "≥88%", "90.2%", "10", "10", ""),
    ),
)  # fmt: skip
FORMS = {"road": ROAD, "training": TRAINING, "canteen": CANTEEN, "forest": FOREST}

_NOTE = "因年中调整任务，按程序报批后执行。"
_HEADINGS = {
    "level1": "一级指标", "level2": "二级指标", "name": "三级指标", "target": "年度指标值", "actual": "实际完成值",
    "weight": "分值", "score": "得分", "reason": "偏差原因分析及改进措施", "number": "序号", "cause": "未完成原因",
    "measure": "改进措施", "nature": "指标性质", "value": "指标值", "measured": "度量单位", "review": "复核得分",
    "note": "备注", "ratio": "完成率", "initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数",
    "rate": "执行率", "total": "年度资金总额", "fiscal": "其中：当年财政拨款", "carried_over": "上年结转资金",
    "other": "其他资金", "project": "项目名称", "department": "主管部门", "unit": "实施单位",
    "money": "项目资金（{}）", "goals": "年度总体目标", "expected": "预期目标", "outcome": "实际完成情况",
    "whole": "总分", "title": "项目支出绩效自评表", "about": "（{}年度）",
}  # fmt: skip


def laid_out(form, layout):
    """Draw a form as rows of cells."""
    columns = ([layout.block] if layout.block else []) + layout.columns.split()
    width = max(len(columns), 8)
    names = _HEADINGS | layout.words
    rows = [_fill([names["title"]], width), _fill([names["about"].format(form.year)], width)]
    rows += _head(form, layout, width, names)
    rows += _money(form, layout, width, names)
    if layout.goals in BESIDE:
        table = _table(form, layout, width, names)
        return _with_goals_beside(rows, table, _end(form, layout, width, names), form, layout.goals, names)
    rows += _goals(form, layout, width, names)
    rows += _table(form, layout, width, names)
    rows += _end(form, layout, width, names)
    return rows


# where goals stand beside the rows: headings and texts before them, and behind them
BESIDE = {
    "in front": (("expected", "outcome"), ()), "in one": (("goals",), ()),
    "behind": ((), ("expected", "outcome")), "around": (("expected",), ("reached",)),
}  # fmt: skip


def _with_goals_beside(above, table, below, form, place, names):
    """Give a form whose goals stand in columns of the table, each over all rows."""
    front, back = BESIDE[place]
    expected, outcome = "".join(form.expected), "".join(form.outcome)
    both = f"{names['expected']}：{expected}{names['outcome']}：{outcome}"
    told = {"expected": expected, "outcome": outcome, "reached": outcome, "goals": both}
    names = {**names, "reached": "总体目标完成情况"}
    rows = [[*(names[role] for role in front), *table[0], *(names[role] for role in back)]]
    for n, row in enumerate(table[1:]):
        total = bool(front) and row[0] == names["whole"]
        left = [told[role] if n == 0 else "^" for role in front]
        right = [told[role] if n == 0 else "^" for role in back]
        rows.append([row[0], *["<" for _ in left], *row[1:], *right] if total else [*left, *row, *right])
    more = ["<"] * (len(front) + len(back))
    return [*([*row, *more] for row in above), *rows, *([*row, *more] for row in below)]


def _fill(cells, width, *, last=True):
    """Give cells as one row: the last one (or the first) takes the columns that are left."""
    left = ["<"] * (width - len(cells))
    return [*cells, *left] if last else [cells[0], *left, *cells[1:]]


def _pairs(cells, width):
    """Give label, value, label, value: the values share the columns."""
    half = width // 2
    return [*_fill(cells[:2], half), *_fill(cells[2:], width - half)]


def _head(form, layout, width, names):
    department = "" if layout.head == "blank" else form.department
    if layout.head == "stacked":
        fields = (("project", form.project), ("department", department), ("unit", form.unit))
        return [_fill([names[role], text], width) for role, text in fields]
    if layout.head == "together":
        both = _pairs([names["project"], form.project, names["unit"], form.unit], width)
        return [both, _fill([names["department"], department], width)]
    if layout.head == "phone":
        one = _pairs([names["project"], form.project, "项目负责人及电话", "王敏 0871-63120000"], width)
        return [one, _pairs([names["department"], department, names["unit"], form.unit], width)]
    project = _fill([names["project"], form.project], width)
    return [project, _pairs([names["department"], department, names["unit"], form.unit], width)]


def _money(form, layout, width, names):
    roles = {
        "official": "initial adjusted executed weight rate score", "rate first": "initial adjusted executed rate weight score",
        "no points": "initial adjusted executed rate", "no initial": "adjusted executed rate weight score",
        "bare": "initial adjusted executed weight rate score", "total": "initial adjusted executed weight rate score",
        "signs": "initial adjusted executed weight rate score",
    }[layout.money].split()  # fmt: skip
    block = [] if layout.money == "bare" else [names["money"].format(form.money_unit)]
    below = ["^"] if block else []
    gap = width - len(block) - 1 - len(roles)
    wide = ["<"] * max(gap, 0)
    cells = [names[role] for role in roles]
    if layout.money == "signs":
        signs = {"adjusted": "（A）", "executed": "（B）", "rate": "（B/A）"}
        cells = [names[role] + signs.get(role, "") for role in roles]
    first = names["money"].format(form.money_unit) if not block else ""
    rows = [[*block, first, *wide, *cells]]
    lines = ["total"] if layout.money == "total" else ["total", "fiscal", "carried_over", "other"]
    for line in lines:
        amounts = dict(zip(("initial", "adjusted", "executed"), form.money[line], strict=True))
        points = (
            {"weight": "10", "rate": form.rate, "score": form.score}
            if line == "total"
            else dict.fromkeys(("weight", "rate", "score"), "—")
        )
        rows.append([*below, names[line], *wide, *[{**amounts, **points}[role] for role in roles]])
    return rows


def _goals(form, layout, width, names):
    half = (width - 1) // 2
    if layout.goals == "stacked":
        block = [names["goals"], names["expected"]]
        return [
            _fill([*block, "".join(form.expected)], width),
            _fill(["^", names["outcome"], "".join(form.outcome)], width),
        ]
    if layout.goals == "two":
        return [
            _fill([names["goals"], "".join(form.expected)], width),
            _fill(["年度总体目标完成情况", "".join(form.outcome)], width),
        ]
    head = [names["goals"], *_fill([names["expected"]], half), *_fill([names["outcome"]], width - 1 - half)]
    if layout.goals == "lines":
        pairs = zip(form.expected, form.outcome, strict=True)
        return [
            head,
            *(
                ["^", *_fill([f"目标{n}：{a}"], half), *_fill([b], width - 1 - half)]
                for n, (a, b) in enumerate(pairs, 1)
            ),
        ]
    return [
        head,
        ["^", *_fill(["".join(form.expected)], half), *_fill(["".join(form.outcome)], width - 1 - half)],
    ]


def _table(form, layout, width, names):
    columns = layout.columns.split()
    block = [layout.block] if layout.block else []
    room = width - len(columns) - len(block)
    heads = [names[role] for role in columns]
    rows = [_fill([*block, *heads], width)]
    before = ("", "")
    for n, row in enumerate(form.rows, start=1):
        cells = _cells(n, row, layout, before, form.rows)
        before = row[:2]
        rows.append([*(["^"] if block else []), *[cells[role] for role in columns], *["<"] * room])
        ends = n == len(form.rows) or form.rows[n][0] != row[0]
        if layout.subtotals and ends:
            rows.append(
                _sums("小计", [each for each in form.rows if each[0] == row[0]], columns, block, room)
            )
    if layout.total != "none":
        end = _sums(names["whole"], form.rows, columns, [], room, form)
        if block:
            end = [end[0], "<", *end[1:]]
        if layout.total == "score":
            end = [
                text if role != "weight" else ""
                for role, text in zip([*([""] if block else []), *columns], end, strict=False)
            ] + ["<"] * room
        if layout.total == "grade" and "reason" in columns:
            end[columns.index("reason") + len(block)] = f"自评等级：{form.grade}"
        rows.append(end)
    return rows


def _sums(name, rows, columns, block, room, form=None):
    weight, score = (sum(Decimal(row[n]) for row in rows) for n in (5, 6))
    if form is not None:
        weight, score = weight + 10, Decimal(form.total)
    figures = {"weight": f"{weight:f}", "score": f"{score:f}"}
    first = min((columns.index(role) for role in figures if role in columns), default=1)
    cells = [name, *["<"] * (first - 1), *[figures.get(role, "") for role in columns[first:]]]
    return [*(["^"] if block else []), *cells, *["<"] * room]


def _cells(n, row, layout, before, rows):
    one, two, name, target, actual, weight, score, reason = row
    cause, _, measure = reason.partition("；")
    nature = target[:1] if target[:1] in "≥≤" else "="
    bare = target.lstrip("≥≤")
    digits = next((i for i, c in enumerate(bare) if not (c.isdigit() or c == ".")), len(bare))
    figure = digits > 0 and not any(c in bare for c in "月日前")
    cells = {
        "number": str(n), "name": name, "target": target, "actual": actual, "weight": weight, "score": score,
        "reason": reason, "cause": cause, "measure": measure, "review": score, "note": "",
        "ratio": "100%", "nature": nature if figure else "定性", "value": bare[:digits] if figure else target,
        "measured": bare[digits:] if figure else "",
    }  # fmt: skip
    points = sum(Decimal(each[5]) for each in rows if each[0] == one)
    label = f"{one}（{points:f}分）" if layout.levels == "points" else one
    again = (one == before[0], (one, two) == before)
    held = "" if layout.levels == "blank" else "^"
    cells["level1"] = held if again[0] and layout.levels != "repeated" else label
    cells["level2"] = held if again[1] and layout.levels != "repeated" else two
    return cells


def _end(form, layout, width, names):
    rows = []
    if "notes" in layout.end:
        rows.append(_fill(["说明", _NOTE], width))
    if "person" in layout.end:
        third = width - 4
        rows.append(
            ["填表人：李华", "<", "联系电话：0871-63120001", "<", *_fill(["填报日期：2025年1月8日"], third)]
        )
    return rows


def _ends(form, layout):
    """Give the values below the rows: the total, the grade, partial sums, notes and who filled it in."""
    columns, found = layout.columns.split(), {}
    if layout.total != "none" and "score" in columns:
        found["total"] = form.total
    if layout.total == "grade" and "reason" in columns:
        found["grade"] = form.grade
    if "notes" in layout.end:
        found["notes"] = _NOTE
    if "person" in layout.end:
        found |= {"filled_by": "李华", "phone": "0871-63120001", "filled_on": "2025年1月8日"}
    if layout.subtotals:
        for n, one in enumerate(dict.fromkeys(row[0] for row in form.rows)):
            sums = [sum(Decimal(row[i]) for row in form.rows if row[0] == one) for i in (5, 6)]
            found |= {
                f"subtotals[{n}].level1": one,
                f"subtotals[{n}].weight": f"{sums[0]:f}",
                f"subtotals[{n}].score": f"{sums[1]:f}",
            }
    return found


def truth(form, layout):
    """Give every value that stands on the drawn form, by its path."""
    columns = layout.columns.split()
    found = {"project": form.project, "unit": form.unit, "year": form.year, "money_unit": form.money_unit}
    found |= {} if layout.head == "blank" else {"department": form.department}
    lines = ("total",) if layout.money == "total" else ("total", "fiscal", "carried_over", "other")
    for line in lines:
        found |= {
            f"budget.{line}.{role}": text
            for role, text in zip(("initial", "adjusted", "executed"), form.money[line], strict=True)
            if text and not (role == "initial" and layout.money == "no initial")
        }
    found["budget.total.rate"] = form.rate
    if layout.money != "no points":
        found |= {"budget.total.weight": "10", "budget.total.score": form.score}
    prefix = [f"目标{n}：" if layout.goals == "lines" else "" for n in range(1, 9)]
    found["goals.expected"] = "".join(a + b for a, b in zip(prefix, form.expected, strict=False))
    found["goals.outcome"] = "".join(form.outcome)
    for n, row in enumerate(form.rows):
        one, two, name, target, actual, weight, score, reason = row
        points = sum(Decimal(each[5]) for each in form.rows if each[0] == one)
        label = f"{one}（{points:f}分）" if layout.levels == "points" else one
        values = {
            "level1": label,
            "level2": two,
            "name": name,
            "target": target,
            "actual": actual,
            "weight": weight,
            "score": score,
            "reason": reason,
        }
        if "value" in columns:
            values["target"] = (
                target
                if target[:1] in "≥≤" or not target[:1].isdigit() or any(c in target for c in "月日前")
                else f"={target}"
            )
        if "cause" in columns:
            values["reason"] = reason.replace("；", "", 1)
        given = (
            {*columns}
            | ({"target"} if "value" in columns else set())
            | ({"reason"} if "cause" in columns else set())
        )
        found |= {f"indicators[{n}].{role}": text for role, text in values.items() if text and role in given}
    return found | _ends(form, layout)


_PLAIN = "level1 level2 name target actual weight score"
_WEIGHED = "level1 level2 name weight target actual score reason"
_SPLIT = "level1 level2 name nature value measured actual weight score reason"
_CAUSES = "level1 level2 name target actual weight score cause measure"
_NUMBERED = "number level1 level2 name target actual weight score reason"
_REVIEWED = "level1 level2 name target weight actual score reason"
_OLD = {
    "target": "年度指标值",
    "actual": "全年完成值",
    "reason": "未完成原因分析",
    "outcome": "目标实际完成情况",
}
_NEW = {"target": "目标值", "actual": "完成值", "weight": "权重", "score": "自评得分", "reason": "备注"}
_PROVINCE = {
    "project": "项目支出名称",
    "department": "省级主管部门",
    "unit": "项目实施单位",
    "adjusted": "全年预算数（A）",
    "executed": "全年执行数（B）",
    "rate": "执行率（B/A）",
}
_COUNTY = {
    "title": "部门项目绩效自评情况表",
    "total": "合计",
    "fiscal": "财政拨款",
    "carried_over": "上年结转",
    "other": "其他资金",
    "whole": "合计",
}
_AMOUNTS = {
    "initial": "年初预算",
    "adjusted": "调整后预算数",
    "executed": "实际支出数",
    "rate": "预算执行率",
    "total": "资金总额",
}
LAYOUTS = {
    "01 old words": Layout(words=_OLD, end="notes"),
    "02 new words": Layout(words=_NEW, total="score"),
    "03 province": Layout(words=_PROVINCE, head="together", goals="stacked"),
    "04 amounts": Layout(words=_AMOUNTS, head="stacked", money="bare"),
    "05 block, causes": Layout(columns=_CAUSES, block="绩效指标（90分）"),
    "06 weights first": Layout(columns=_WEIGHED, levels="points", end="person"),
    "07 in three": Layout(columns=_SPLIT, total="grade", goals="two"),
    "08 numbered": Layout(columns=_NUMBERED, money="rate first", levels="repeated"),
    "09 no reasons": Layout(columns=_PLAIN, goals="lines", end="notes person"),
    "10 subtotals": Layout(subtotals=True, money="signs", head="phone"),
    "11 blank levels": Layout(levels="blank", goals="stacked", end="person", words=_OLD),
    "12 blank levels, block": Layout(levels="blank", block="年度绩效指标", money="total"),
    "13 target behind weight": Layout(columns=_REVIEWED, head="stacked", total="grade"),
    "14 three goals": Layout(goals="lines", money="rate first", words=_NEW),
    "15 three goals, repeated": Layout(goals="lines", levels="repeated", head="together"),
    "16 no initial": Layout(money="no initial", columns=_CAUSES, goals="two"),
    "17 no money points": Layout(money="no points", total="none", columns="level1 level2 name target actual reason"),
    "18 only total money": Layout(money="total", columns=_PLAIN, subtotals=True, head="phone"),
    "19 points, block": Layout(levels="points", block="绩效指标", end="notes", words=_AMOUNTS),
    "20 numbered, causes": Layout(columns="number " + _CAUSES, total="score", words=_PROVINCE),
    "21 in three, block": Layout(columns=_SPLIT, block="绩效指标（90分）", levels="repeated"),
    "22 weights first, subtotals": Layout(columns=_WEIGHED, subtotals=True, goals="stacked"),
    "23 county": Layout(words=_COUNTY, money="bare", end="person notes"),
    "24 county, blank": Layout(words=_COUNTY, levels="blank", columns=_PLAIN),
    "25 stacked all": Layout(head="stacked", goals="stacked", columns=_CAUSES, total="grade"),
    "26 ratio": Layout(columns="level1 level2 name target actual ratio weight score reason", words=_OLD),
    "27 ratio, first": Layout(columns="level1 level2 name weight target actual ratio score", head="together", end="notes"),
    "28 signs": Layout(money="signs", levels="repeated", goals="two", subtotals=True, words={"reason": "偏差原因分析及改进措施（得分未满的填写）"}),
    "29 in three, first": Layout(columns="level1 level2 name nature value measured weight actual score reason", head="phone", total="score"),
    "30 all at once": Layout(columns=_NUMBERED, block="绩效指标（90分）", levels="points", goals="lines", end="notes person", total="grade", money="signs"),
    "31 score before weight": Layout(columns="level1 level2 name target actual score weight reason", head="stacked", words=_NEW, end="notes"),
    "32 actual before target": Layout(columns="level1 level2 name actual target ratio weight score reason", money="rate first", total="grade"),
}  # fmt: skip
