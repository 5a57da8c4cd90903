"""One row, scored: what the tests of this room say most often."""

from decimal import Decimal

from perfkit.form import Form, Indicator
from perfkit.profile import Profile
from perfkit.profiles import load_profile
from perfkit.scoring import RowScore, score
from perfkit.scoring.rows import score_row
from perfkit.values import Actual, Basis, Direction, Kind, Reading, Target, Verdict

LEVEL1 = {"成本指标": "产出指标", "服务对象满意度指标": "满意度指标", "社会效益指标": "效益指标"}


def scored(
    target: str | None,
    actual: str | None,
    profile: Profile | str = "mof-2020",
    *,
    weight: str | None = "10",
    declared: str | None = None,
    level2: str = "数量指标",
    name: str = "培训场次",
    year: int = 2022,
    **fields: object,
) -> RowScore:
    """Score one row."""
    row = Indicator(
        name,
        LEVEL1.get(level2, "产出指标"),
        level2,
        target,
        actual,
        None if weight is None else Decimal(weight),
        None if declared is None else Decimal(declared),
        **fields,
    )
    return score(Form("项目", year, indicators=(row,)), profile).indicators[0]


def text(figure: Decimal | None) -> str | None:
    """Give a figure as the JSON prints it."""
    return None if figure is None else f"{figure:f}"


def read(
    verdict: Verdict,
    *,
    kind: Kind = Kind.NUMBER,
    direction: Direction = Direction.AT_LEAST,
    basis: Basis = Basis.MEASURED,
    target: str | None = None,
    actual: str | None = None,
    unit: str = "",
    **fields: object,
) -> Reading:
    """Make a reading by hand, whatever the cells say."""
    wanted, reached = (None if figure is None else Decimal(figure) for figure in (target, actual))
    ratio = reached / wanted if wanted and reached is not None else None
    return Reading(
        Target(target or "目标", kind, direction, value=wanted, unit=unit),
        Actual(actual or "实际", kind, value=reached, unit=unit),
        kind,
        direction,
        verdict,
        basis,
        completion=ratio,
        **fields,
    )


def scored_reading(
    reading: Reading, profile: Profile | str = "mof-2020", *, declared: str | None = None, **fields: object
) -> RowScore:
    """Score a row of ten points that has been read by hand."""
    points = None if declared is None else Decimal(declared)
    row = Indicator("事项", "效益指标", "社会效益指标", weight=Decimal(10), score=points, **fields)
    return score_row(1, row, reading, profile if isinstance(profile, Profile) else load_profile(profile))
