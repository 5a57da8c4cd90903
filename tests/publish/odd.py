"""Forms that nobody would fill in on purpose, and somebody will: every one must render in both formats."""

from tests.publish.notebooks import form, row

HOSTILE = '<script>alert(1)</script> #import "x" $x$ *a* _b_ </details> &lt;&amp; \\u{41} @ref <lab> ``r``'
BIDI = "甲\u202e乙\u2066丙\x07丁"

ODD = {
    "one-row": form([row(1, weight=90, score=90)]),
    "two-hundred-rows": form(
        [
            row(n, weight=0.45, score=0.2 if n % 9 == 0 else 0.45, reason="进度推迟" if n % 9 == 0 else "")
            for n in range(200)
        ]
    ),
    "long-names": form(
        [
            row(1, name="名称" * 100, weight=45, score=40, reason="原因" * 150),
            row(2, name="Antidisestablish" * 12, weight=45, score=45),
        ],
        project="很长的项目名称" * 28,
    ),
    "all-blank": form(
        [{"name": f"指标{n}", "level1": "产出指标"} for n in range(4)], budget={}, goals={}, total=None
    ),
    "right-to-left": form([row(1, name="عدد الدورات 2022", weight=90, score=90)], project="مشروع שלום"),
    "emoji": form(
        [row(1, name="🚀 上线 ✅ ☑️ 👨‍👩‍👧", weight=90, score=80, reason="❤️‍🔥 नमस्ते")], project="🎉 庆典"
    ),
    "hostile": form([row(1, name=HOSTILE, weight=90, score=90, target=BIDI)], project=HOSTILE, unit=HOSTILE),
}
