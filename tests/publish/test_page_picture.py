"""One page as a picture: the type, the rules and the spaces that make a report look like one.

The picture lies in tests/data/publish/page.png; `python -m tests.publish.test_page_picture` draws it anew,
and whoever does looks at it before committing it.
"""

from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

from perfkit.publish import publish
from tests.publish.notebooks import markdown, notebook, output

PICTURE = Path(__file__).parents[1] / "data" / "publish" / "page.png"
FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" width="360pt" height="60pt" viewBox="0 0 360 60">
<rect x="60" y="5" width="220" height="14" fill="#1d4e79"/><rect x="60" y="30" width="150" height="14" fill="#1d4e79"/></svg>"""
TITLE = """<header class="pk-title"><h1>在线学习工作经费</h1><p class="pk-subtitle">市委组织部 · 2022 年度</p>
<p class="pk-headline">得分 96.90，等级优；预算执行 98.98%；三项指标有扣分，共 3 分</p><dl class="pk-figures">
<div><dt>得分与等级</dt><dd>96.90 <small>优</small></dd></div><div><dt>预算执行率</dt><dd>98.98%</dd></div>
<div><dt>达成指标</dt><dd>14 / 16</dd></div><div><dt>发现</dt><dd>1 错误 · 2 警告 · 3 提示</dd></div></dl></header>"""
STORY = """<section class="pk-section"><h2>偏差与扣分</h2><p class="pk-lead">三项指标有扣分，共3分。</p>
<p>课件制作完成，计划10月底，实际11月，晚1个月，扣1分；填报的原因为受疫情封控影响。</p>
<table class="pk-official"><thead><tr><th scope="col">三级指标</th><th scope="col">年度指标值</th><th scope="col" class="num">分值</th>
<th scope="col" class="num">得分</th></tr></thead><tbody><tr><th scope="row">发布新课件</th><td>500课时</td><td class="num">10</td>
<td class="num">10</td></tr><tr><th scope="row">课件制作完成</th><td>10月底</td><td class="num">5</td>
<td class="num loss">4 <span class="pk-loss">扣 1 分</span></td></tr></tbody></table></section>"""
FINDINGS = """<section><h2>审核发现</h2><ol class="pk-findings"><li class="pk-error"><p class="pk-lead">错误 总分不符</p>
<p>依据 各项得分合计94.8分</p></li><li class="pk-warning"><p class="pk-lead">警告 缺少时效指标</p></li></ol></section>"""


def page():
    """Draw the first page, small."""
    words = markdown(
        "## 分析\n\n- 一 **重** `code`\n- 二\n\n| 项 | 数 |\n|---|---:|\n| 甲 | 1,234 |\n\n> 引文"
    )
    made = notebook(TITLE, output(image__svg_xml=FIGURE), STORY, FINDINGS, words, language="zh")
    with pdfium.PdfDocument(publish(made, ["pdf"])["pdf"]) as pdf:
        return pdf[0].render(scale=0.6, grayscale=True).to_pil().convert("L")


def blurred(picture):
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)), dtype=float)


def test_the_page_looks_as_it_did():
    drawn, kept = page(), Image.open(PICTURE).convert("L")
    assert drawn.size == kept.size
    difference = np.abs(blurred(drawn) - blurred(kept))
    assert difference.mean() < 1.5
    assert (difference > 60).mean() < 0.01


if __name__ == "__main__":
    page().save(PICTURE, optimize=True)
