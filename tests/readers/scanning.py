"""Pages of forms drawn by Typst and spoiled as scanners, telephones and faxes spoil them.

`LAYOUTS` are twelve forms as text (books.py); `page` draws one, `FAULTS` are what happens to a picture.
"""

import json
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pylopdf_fonts_zh_cn
import typst
from PIL import Image, ImageDraw, ImageFilter

from perfkit.readers.formats import parse
from tests.readers import books

FONTS = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
TITLE = "{year}年度项目支出绩效自评表"
NAMES = """项目名称 | {project} | < | < | < | < | < | <
主管部门 | {department} | < | < | 实施单位 | {unit} | < | <"""
MONEY = """项目资金（{money}） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | {a} | {b} | {c} | 10 | {rate} | {score}
^ | 其中：当年财政拨款 | {a} | {b} | {c} | — | — | —
^ | 上年结转资金 | | | | — | — | —
^ | 其他资金 | | | | — | — | —"""
GOALS = """年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | {goal} | < | < | {outcome} | < | < | <"""
HEAD = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施"
SCHOOL = """产出指标 | 数量指标 | 改造学校数量 | ≥35所 | 33所 | 20 | 18.86 | 2所学校招标流标，已重新组织招标
^ | ^ | 采购灭火器 | ≥1200具 | 1200具 | 10 | 10 |
^ | 质量指标 | 工程验收合格率 | ≥95% | 100% | 20 | 20 |
效益指标 | 社会效益指标 | 安全责任事故发生数 | ≤0起 | 0起 | 15 | 15 |
^ | 可持续影响指标 | 安全管理长效机制 | 建立健全 | 建立健全 | 15 | 15 |
满意度指标 | 服务对象满意度指标 | 师生满意度 | ≥90% | 92% | 10 | 10 |
总分 | < | < | < | < | 100 | {total} |"""
ROAD = """产出指标 | 数量指标 | 养护公路里程 | ≥128.5公里 | 128.5公里 | 15 | 15 |
^ | 质量指标 | 路面技术状况指数 | ≥88 | 91.3 | 15 | 15 |
^ | 时效指标 | 完工时间 | 11月底前 | 12月15日 | 10 | 8 | 雨季延长，工期推迟；明年提前开工
^ | 成本指标 | 每公里养护成本 | ≤2.5万元 | 2.38万元 | 10 | 10 |
效益指标 | 社会效益指标 | 群众出行时间缩短 | ≥10分钟 | 12分钟 | 15 | 15 |
^ | 生态效益指标 | 边坡绿化覆盖率 | ≥85% | 86.2% | 15 | 15 |
满意度指标 | 服务对象满意度指标 | 沿线群众满意度 | ≥90% | 95.5% | 10 | 10 |
总分 | < | < | < | < | 100 | {total} |"""
BOOKS = """产出指标 | 数量指标 | 更新书架 | ≥40个 | 42个 | 20 | 20 |
^ | ^ | 采购图书 | ≥3000册 | 2700册 | 10 | 9 | 供货商到货晚；下一年提前签订合同
^ | 质量指标 | 图书验收合格率 | ≥95% | 98% | 10 | 10 |
^ | 时效指标 | 书屋开放时间 | 10月 | 10月 | 10 | 10 |
效益指标 | 社会效益指标 | 读者到馆人次 | ≥20000人次 | 23500人次 | 15 | 15 |
^ | 可持续影响指标 | 管理制度健全性 | 健全 | 健全 | 15 | 15 |
满意度指标 | 服务对象满意度指标 | 读者满意度 | ≥90% | 96.67% | 10 | 10 |
总分 | < | < | < | < | 100 | {total} |"""
SCHOOLS = {"year": 2023, "project": "消防改造经费", "department": "市教育局", "unit": "市教育装备中心", "money": "万元",
           "a": "320.5", "b": "310.5", "c": "295.2", "rate": "95.07%", "score": "9.51", "total": "98.37",
           "goal": "完成35所学校的消防设施改造，师生满意度不低于90%。", "outcome": "完成33所学校的消防设施改造，师生满意度92%。"}  # fmt: skip
ROADS = {"year": 2022, "project": "县乡公路日常养护", "department": "县交通运输局", "unit": "县公路养护中心", "money": "元",
         "a": "3200000", "b": "3050000", "c": "3050000", "rate": "100%", "score": "10", "total": "98",
         "goal": "养护县乡公路128.5公里，路况达到良好以上。", "outcome": "养护公路128.5公里，完工时间较计划推迟半个月。"}  # fmt: skip
LIBRARY = {"year": 2023, "project": "社区书屋更新", "department": "滨湖区文化局", "unit": "滨湖区图书馆", "money": "万元",
           "a": "120", "b": "100", "c": "96.67", "rate": "96.67%", "score": "9.67", "total": "98.67",
           "goal": "更新社区书屋四处，添置书架和图书，改善居民阅读条件。",
           "outcome": "四处书屋完成更新，添置书架42个、图书2700册，较计划少300册。"}  # fmt: skip


def moved(table, order):
    """Give a table of eight columns with its columns in another order."""
    lines = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        lines.append(" | ".join(cells if "<" in cells else [cells[n] for n in order]))
    return "\n".join(lines)


def unmerged(table):
    return table.replace("^", "")


def form(facts, rows, *parts):
    text = "\n".join(
        [TITLE, *(parts or (NAMES, MONEY, GOALS)), *([HEAD, rows] if HEAD not in rows else [rows])]
    )
    return text.format(**facts)


WEIGHT_FIRST = (0, 1, 2, 5, 3, 4, 6, 7)
LAYOUTS = {
    "school": form(SCHOOLS, SCHOOL),
    "road": form(ROADS, ROAD),
    "library": form(LIBRARY, BOOKS),
    "weight first": form(LIBRARY, moved(f"{HEAD}\n{BOOKS}", WEIGHT_FIRST)),
    "levels repeated": form(SCHOOLS, SCHOOL.replace("^ | ^ |", "产出指标 | 数量指标 |").replace("^ | 质", "产出指标 | 质").replace("^ | 可", "效益指标 | 可")),
    "levels once": form(ROADS, unmerged(ROAD)),
    "no goals": form(LIBRARY, BOOKS, NAMES, MONEY),
    "goals first": form(SCHOOLS, SCHOOL, NAMES, GOALS, MONEY),
    "subtotal": form(ROADS, ROAD.replace("效益指标 | 社会", "小计 | < | < | < | < | 50 | 48 |\n效益指标 | 社会")),
    "notes": form(LIBRARY, BOOKS + "\n说明 | 年中调减预算20万元，已按程序报批。 | < | < | < | < | < | <"),
    "short reason": form(ROADS, ROAD.replace("雨季延长，工期推迟；明年提前开工", "雨季")),
    "commas": form(SCHOOLS | {"money": "元", "a": "3,205,000.00", "b": "3,105,000.00", "c": "2,952,000.00"}, SCHOOL),
}  # fmt: skip
LOOKS = [
    {"font": "Noto Sans SC", "size": 9, "flipped": False, "stroke": 0.6},
    {"font": "Noto Serif SC", "size": 9, "flipped": False, "stroke": 0.5},
    {"font": "Noto Sans SC", "size": 10, "flipped": True, "stroke": 0.8},
    {"font": "Noto Serif SC", "size": 10.5, "flipped": True, "stroke": 0.5},
]
_PAGE = """#let data = json("page.json")
#set page(paper: "a4", flipped: data.flipped, margin: 14mm)
#set text(font: data.font, size: data.size * 1pt, lang: "zh")
#align(center, text(size: 1.6em, data.title))
#table(columns: data.columns.map(n => n * 1fr), align: center + horizon, stroke: data.stroke * 1pt, inset: 4pt,
  ..data.cells.map(c => table.cell(colspan: c.wide, rowspan: c.tall, c.text)))
"""
_WIDTHS = (11, 12, 16, 12, 12, 9, 10, 22)


@cache
def page(name):
    """Draw a layout as a clean picture at 200 dpi."""
    import tempfile

    title, *rows = books.rows_of(LAYOUTS[name])
    look = LOOKS[list(LAYOUTS).index(name) % len(LOOKS)]
    cells = [{"text": text, "tall": tall, "wide": wide} for _, _, tall, wide, text in books.spans(rows)]
    data = look | {"title": title[0], "cells": cells, "columns": _WIDTHS}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.json").write_text(json.dumps(data), encoding="utf-8")
        (Path(folder) / "page.typ").write_text(_PAGE, encoding="utf-8")
        drawn = typst.compile(str(Path(folder) / "page.typ"), font_paths=[FONTS], format="png", ppi=200)
    return Image.open(BytesIO(drawn[0] if isinstance(drawn, list) else drawn)).convert("RGB")


def truth(name):
    """Read the form as a web page, which loses nothing."""
    (read,) = parse(
        books.page(LAYOUTS[name].split("\n", 1)[1], head=LAYOUTS[name].split("\n", 1)[0]), "page.html"
    )
    return read


def clean(picture, _):
    return picture


def turned(picture, _):
    return picture.rotate(1.0, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def noisy(picture, random):
    values = np.asarray(picture, dtype=float) + random.normal(0, 14, (picture.height, picture.width, 1))
    return _jpeg(Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)), 60)


def stamped(picture, random):
    seal = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(seal)
    x, y = (int(side * random.uniform(0.3, 0.6)) for side in picture.size)
    draw.ellipse((x, y, x + 330, y + 330), outline=(215, 30, 40, 190), width=12)
    draw.regular_polygon((x + 165, y + 165, 60), 5, fill=(215, 30, 40, 170))
    for n in range(10):
        angle = n * 0.62
        px, py = x + 165 + 120 * np.cos(angle), y + 165 + 120 * np.sin(angle)
        draw.rectangle((px - 16, py - 16, px + 16, py + 16), outline=(215, 30, 40, 180), width=6)
    return Image.alpha_composite(picture.convert("RGBA"), seal).convert("RGB")


def photographed(picture, random):
    wide, tall = picture.size
    table = Image.new("RGB", (wide + 400, tall + 400), (96, 84, 70))
    table.paste(picture, (200, 200))
    inset = [int(random.uniform(0, 90)) for _ in range(8)]
    corners = (
        inset[0],
        inset[1],
        inset[2],
        tall + 400 - inset[3],
        wide + 400 - inset[4],
        tall + 400 - inset[5],
        wide + 400 - inset[6],
        inset[7],
    )
    bent = table.transform(table.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    across = np.linspace(1.0, 0.62, bent.width)[None, :, None]
    lit = np.asarray(bent, dtype=float) * across
    values = lit + random.normal(0, 5, lit.shape[:2])[:, :, None]
    return _jpeg(
        Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6)), 80
    )


def faxed(picture, random):
    small = picture.convert("L").resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    values = np.asarray(small) > 170
    specks = random.random(values.shape) < 0.0004
    return Image.fromarray(((values ^ specks) * 255).astype(np.uint8))


def _jpeg(picture, quality):
    target = BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return Image.open(BytesIO(target.getvalue())).convert("RGB")


FAULTS = {"clean": clean, "turned": turned, "noisy": noisy, "stamped": stamped, "photographed": photographed, "faxed": faxed}  # fmt: skip


def spoiled(name, fault, seed=0):
    """Give a layout's page as a PNG with one fault, by chance that is the same every time."""
    made = FAULTS[fault](page(name), np.random.default_rng([seed, *name.encode(), *fault.encode()]))
    target = BytesIO()
    made.save(target, "PNG")
    return target.getvalue()
