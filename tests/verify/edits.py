"""Forms drawn at random that look as units write them, their reports as text, and single edits of a report."""

import random
import re
from decimal import Decimal

from perfkit.form import Budget, Form, Fund, Goals, Indicator

TOPICS = [
    ("乡村道路养护", "县交通运输局", "县公路管理所", "养护里程", "公里"),
    ("基层卫生培训", "市卫生健康委员会", "市医学会", "培训人次", "人次"),
    ("图书更新", "区文化和旅游局", "区图书馆", "新购图书", "册"),
    ("河道清淤", "县水利局", "河道管理站", "清淤长度", "米"),
    ("校舍维修", "区教育局", "第二实验小学", "维修面积", "平方米"),
    ("农产品检测", "市农业农村局", "农产品质量安全中心", "检测批次", "批次"),
]
MORE = [
    ("验收合格率", "质量指标", "≥95%", "%"),
    ("工程完工时间", "时效指标", "11月底前", "月"),
    ("项目总成本", "成本指标", "≤{budget}万元", "万元"),
    ("受益人口", "社会效益指标", "≥{n}人", "人"),
    ("管护机制", "可持续影响指标", "健全", ""),
    ("群众满意度", "服务对象满意度指标", "≥90%", "%"),
]
LEVEL1 = {"质量指标": "产出指标", "时效指标": "产出指标", "成本指标": "产出指标", "社会效益指标": "效益指标",
          "可持续影响指标": "效益指标", "服务对象满意度指标": "满意度指标"}  # fmt: skip
REASONS = [
    "受汛期影响，施工推迟；下一年提前备料",
    "招标流标一次，今后提前编制采购计划",
    "部分对象外出，下一年分批组织",
]


def form(seed):
    """Draw one form, its points as the rules give them or as a unit might."""
    draw = random.Random(seed)
    project, department, unit, quantity, counted = draw.choice(TOPICS)
    budget = draw.randrange(50, 900)
    executed = Decimal(draw.randrange(budget * 80, budget * 100 + 1)) / 100
    rate = (executed / budget * 100).quantize(Decimal("0.01"))
    points = (rate / 10).quantize(Decimal("0.01"))
    total = Fund(
        Decimal(budget + draw.choice([0, 0, 30])), Decimal(budget), executed, Decimal(10), f"{rate}%", points
    )
    target = draw.randrange(20, 4000)
    rows = [
        row(
            draw,
            quantity,
            "数量指标",
            "产出指标",
            f"≥{target}{counted}",
            f"{around(draw, target)}{counted}",
            20,
        )
    ]
    weights = [10, 10, 10, 15, 15, 10]
    for (name, level2, wanted, suffix), weight in zip(MORE, weights, strict=True):
        n = draw.randrange(500, 90000)
        goal = wanted.format(budget=budget, n=n)
        actual = {
            "%": f"{draw.randrange(86, 100)}%",
            "月": f"{draw.choice([9, 10, 11, 12])}月",
            "万元": f"{executed}万元",
            "人": f"{around(draw, n)}人",
            "": "健全",
        }[suffix]
        rows.append(row(draw, name, level2, LEVEL1[level2], goal, actual, weight))
    printed = points + sum(one.score for one in rows)
    return Form(
        project=f"{project}项目", year=2023, department=department, unit=unit,
        budget=Budget(total=total, fiscal=Fund(total.initial, total.adjusted, executed)),
        goals=Goals(f"完成{quantity}{target}{counted}。", f"基本完成{quantity}任务。"),
        indicators=tuple(rows), total=printed,
    )  # fmt: skip


def around(draw, target):
    return max(1, int(target * draw.choice([0.83, 0.95, 1, 1, 1.04, 1.2])))


def row(draw, name, level2, level1, target, actual, weight):
    lost = draw.choice([0, 0, 0, 1, 2])
    return Indicator(
        name=name, level1=level1, level2=level2, target=target, actual=actual, weight=Decimal(weight),
        score=Decimal(weight - lost), reason=draw.choice(REASONS) if lost else None,
    )  # fmt: skip


TURNED = [("低于", "高于"), ("晚于", "早于"), ("已达", "未达"), ("调减", "调增"), ("未达到", "达到"), ("少", "多"),
          ("扣", "加"), ("等级为优", "等级为良"), ("等级为良", "等级为优"), ("came late", "came early"),
          ("fell short", "went beyond"), ("missed", "met"), ("reduced", "increased"), ("above", "below"),
          ("reached the target", "missed the target"), ("less than", "more than"), ("short", "more"),
          ("Excellent", "Good"), ("late", "early")]  # fmt: skip
UNITS = [("万元", "元"), ("分", "天"), ("个月", "天"), ("项", "处"), ("%", "万元"), ("人", "户"), ("公里", "米"),
         ("points", "percent"), ("months", "days"), ("month", "day"), ("10,000 yuan", "yuan")]  # fmt: skip
OTHERS = ["城区绿化提升项目", "县林业局", "乡镇文化站", "路灯安装数量"]


def edited(lines, one, draw, kind):
    """Give the lines with one edit of a kind, and the line edited; None where there is nothing to edit."""
    # when a report was made is no fact of the form
    order = [n for n in range(len(lines)) if len(lines[n]) > 12 and " UTC" not in lines[n]]
    draw.shuffle(order)
    for n in order:
        for changed in KINDS[kind](lines[n], one, draw):
            if changed != lines[n]:
                return [*lines[:n], changed, *lines[n + 1 :]], n
    return None


def figure(line, one, draw):
    found = list(re.finditer(r"(?<![\d.])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.])", line))
    draw.shuffle(found)
    for each in found:
        value = Decimal(each[0].replace(",", ""))
        other = draw.choice([value + 1, value * 10, value + Decimal("0.5"), value / 2])
        yield f"{line[: each.start()]}{other:f}{line[each.end() :]}"


def name(line, one, draw):
    names = [one.project, one.department, one.unit, *(each.name for each in one.indicators)]
    for each in draw.sample(names, len(names)):
        if each in line:
            yield line.replace(each, draw.choice(OTHERS), 1)


def unit(line, one, draw):
    for old, new in draw.sample(UNITS, len(UNITS)):
        for found in re.finditer(rf"(?<=\d)(\s?){re.escape(old)}(?![a-z])", line):
            yield line[: found.start()] + found[1] + new + line[found.end() :]


def direction(line, one, draw):
    for old, new in draw.sample(TURNED, len(TURNED)):
        if old in line:
            yield line.replace(old, new, 1)


def swapped(line, one, draw):
    """Two figures of a sentence in each other's place."""
    for part in re.split(r"(?<=[。；.;])", line):
        found = list(re.finditer(FIGURE, part))
        pairs = [(a, b) for n, a in enumerate(found) for b in found[n + 1 :] if a[0] != b[0]]
        draw.shuffle(pairs)
        for a, b in pairs:
            turned = part[: a.start()] + b[0] + part[a.end() : b.start()] + a[0] + part[b.end() :]
            yield line.replace(part, turned, 1)


def decimal(line, one, draw):
    """A decimal point moved by a digit."""
    found = list(re.finditer(FIGURE, line))
    draw.shuffle(found)
    for each in found:
        if "." in each[0]:
            value = Decimal(each[0].replace(",", "")).scaleb(draw.choice([-1, 1]))
            yield f"{line[: each.start()]}{value:f}{line[each.end() :]}"


def year(line, one, draw):
    """Another year."""
    for found in re.finditer(r"(?<!\d)20\d\d(?=年| )|(?<=in )20\d\d|20\d\d(?=\))", line):
        yield f"{line[: found.start()]}{int(found[0]) + draw.choice([-1, 1])}{line[found.end() :]}"


def points(line, one, draw):
    """Percent for percentage points, and the other way round."""
    for old, new in (
        ("个百分点", "%"),
        ("%", "个百分点"),
        (" percentage points", "%"),
        ("%", " percentage points"),
    ):
        for found in re.finditer(rf"(?<=\d){re.escape(old)}", line):
            yield line[: found.start()] + new + line[found.end() :]


def other_row(line, one, draw):
    """The name of another indicator of the same form."""
    for each in draw.sample(one.indicators, len(one.indicators)):
        if each.name in line:
            others = [other.name for other in one.indicators if other.name not in line]
            yield from (line.replace(each.name, other, 1) for other in draw.sample(others, len(others)))


def lost_not(line, one, draw):
    """A negation that was lost, or put in."""
    for old, new in draw.sample(NEGATED, len(NEGATED)):
        if old in line:
            yield line.replace(old, new, 1)


def side(line, one, draw):
    """The other side of a bound."""
    for old, new in draw.sample(SIDES, len(SIDES)):
        if old in line:
            yield line.replace(old, new, 1)


FIGURE = r"(?<![\d.])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.])"
NEGATED = [("未达到", "达到"), ("未完全", "完全"), ("没有", "有"), ("未说明", "说明"), ("不足", "充足"), ("不符", "相符"),
           ("不一致", "一致"), ("均达到", "均未达到"), ("did not", "did"), ("not reached", "reached"), ("no measure", "a measure"),
           (" without ", " with "), ("nothing", "something"), ("does not", "does"), ("不能", "能"), ("无需", "需")]  # fmt: skip
SIDES = [("超过", "低于"), ("超", "低于"), ("低于", "超过"), ("高于", "低于"), ("不少于", "不多于"), ("以上", "以下"), ("至少", "至多"),
         ("at least", "at most"), ("more than", "less than"), ("≥", "≤"), ("≤", "≥"), ("at most", "at least"),
         ("advance", "delay"), ("提前", "推迟"), ("最多", "最少"), ("most", "least")]  # fmt: skip
KINDS = {
    "figure": figure, "name": name, "unit": unit, "direction": direction, "swapped": swapped, "decimal": decimal,
    "year": year, "points": points, "row": other_row, "negation": lost_not, "side": side,
}  # fmt: skip

TRUE = [
    "填报人：王晓明，联系电话：0877-6123456，填报日期：2024年3月15日。",
    "根据《财政部关于印发〈项目支出绩效评价管理办法〉的通知》（财预〔2020〕10号）要求，我单位组织了自评。",
    "2024年2月20日，我局召开党组会审议自评结果，参会8人。",
    "项目由13800138000负责咨询，档案编号为2023-017。",
    "The meeting of 20 February 2024 approved this report (document no. 2024-8, telephone 021-65432100).",
    "本次自评成立了5人工作组，历时12天，查阅凭证230份。",
    "下一年拟安排预算300万元，计划于6月30日前完成招标。",
    "项目预算执行率为{rate}%，总分{total}分。",
    "上年预算执行率为91.2%，总分88分。",
]
