"""The two charts of docs/benchmarks.md, drawn by the run that measured them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt

from benchmarks.ways import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.batch import Budget

PICTURES = ROOT / "docs" / "pictures"
INK, LOSS = "#1f4e79", "#b3402a"


def draw_ratios(measured: Sequence[tuple[Budget, float]]) -> None:
    """Draw how far each budget is used or passed: 1 is the budget, right of it is good."""
    names = [f"{each.short}  ({'≥' if each.least else '≤'} {each.limit:g})" for each, _ in measured]
    margins = [value / each.limit if each.least else each.limit / value for each, value in measured]
    figure, axes = plt.subplots(figsize=(7.2, 0.42 * len(names) + 1.1), layout="constrained")
    colours = [INK if each.holds(value) else LOSS for each, value in measured]
    bars = axes.barh(names, margins, color=colours, height=0.62)
    figures = [f"{value:.2f}" for _, value in measured]
    clear = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # the line stays behind a figure
    axes.bar_label(bars, figures, padding=4, fontsize=9, bbox=clear, zorder=3)
    axes.axvline(1, color="#444444", linewidth=1)
    axes.set_xlim(0, max(*margins, 1.2) * 1.15)
    axes.set_xlabel("times as good as the budget (line: the budget; figures: as measured)")
    axes.invert_yaxis()
    _save(figure, axes, "benchmark-ratios.png")


def draw_growth(made: Mapping[int, Mapping[str, Any]]) -> None:
    """Draw seconds and memory over the number of projects."""
    figure, axes = plt.subplots(figsize=(7.2, 3), layout="constrained")
    axes.plot([*made], [one["wall"] / size for size, one in made.items()], marker="o", color=INK)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("projects in the batch")
    axes.set_ylabel("s a project")
    beside = axes.twinx()
    beside.plot([*made], [one["own"] for one in made.values()], marker="s", color=LOSS, linestyle="--")
    beside.set_ylim(bottom=0)
    beside.set_ylabel("MB, the run itself (dashed)")
    beside.spines["top"].set_visible(False)
    _save(figure, axes, "benchmark-growth.png")


def _save(figure: Any, axes: Any, name: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PICTURES / name, dpi=110)
    plt.close(figure)
