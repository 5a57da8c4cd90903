"""What counts on a row: the declared figure or the computed one, and what only a person can say."""

from decimal import Decimal

import pytest

from perfkit.scoring import Status
from perfkit.values import Basis, Direction, Flag, Kind, Verdict
from tests.scoring.rows import read, scored, scored_reading, text

SOCIAL = "社会效益指标"
REASON = "较往年偏低"


@pytest.mark.parametrize(
    ("target", "actual", "declared", "reason", "computed", "score", "status"),
    [
        # at the declared figure's own precision, one decimal at the coarsest
        ("≥300课时", "32课时", "1.1", None, "1.07", "1.1", "agrees"),
        ("≥300课时", "32课时", "1.07", None, "1.07", "1.07", "agrees"),
        ("≥300课时", "32课时", "1.067", None, "1.07", "1.067", "agrees"),
        ("≥300课时", "32课时", "1.070", None, "1.07", "1.070", "agrees"),
        ("≥300课时", "32课时", "1.06", None, "1.07", "1.06", "lower"),
        ("≥300课时", "32课时", "1", None, "1.07", "1", "lower"),
        ("≥100场", "80场", "8", None, "8.00", "8", "agrees"),
        ("≥100场", "80场", "8.00", None, "8.00", "8.00", "agrees"),
        # a missed target at full marks, and one in the unit's disfavour
        ("≥100场", "80场", "10", REASON, "8.00", "8.00", "differs"),
        ("≥100场", "80场", "5", REASON, "8.00", "5", "lower"),
        # points off a met row: with a reason a person's score, without one lower; nothing is raised
        ("≥100场", "100场", "9", REASON, "10.00", "9", "judged"),
        ("≥100场", "100场", "9", None, "10.00", "9", "lower"),
        ("≥100场", "100场", "9", "无", "10.00", "9", "lower"),
        ("≥100场", "100场", "9", "暂无。", "10.00", "9", "lower"),
        ("达成预期指标", "达成预期指标", "9", REASON, "10.00", "9", "judged"),
        ("达成预期指标", "达成预期指标", "9", None, "10.00", "9", "judged"),
        ("达成预期指标", "达成预期指标", "7", None, "10.00", "7", "lower"),
        # what words say falls in a band: its upper end counts above it
        ("完成", "基本完成", "10", None, None, "8", "differs"),
        ("完成", "基本完成", "7", None, None, "7", "judged"),
        ("完成", "基本完成", "5", None, None, "5", "lower"),
        ("≥5场", "基本完成", "10", None, None, "8", "differs"),
        # beyond the weight
        ("≥100场", "100场", "12", None, "10.00", "10.00", "differs"),
        ("≥100场", "100场", "-1", REASON, "10.00", "0", "differs"),
        # only a person can score
        ("及时", "未完成", "0", None, None, "0", "judged"),
        ("及时", "未完成", "9", None, None, "6", "differs"),
        ("≥100场", None, None, None, None, None, "unscored"),
        ("≥100场", None, "10", None, None, "10", "judged"),
        ("≥**场", "100场", "10", None, None, "10", "judged"),
        ("10月底", "11月", "4", None, None, "4", "judged"),
        ("10月底", "11月", "9.9", None, None, "9.9", "judged"),
        ("10月底", "11月", "10", None, None, "10", "differs"),
        ("10月底", "11月", None, None, None, None, "unscored"),
        # nothing declared, and computable: nothing contradicts, the computed figure counts
        ("≥100场", "80场", None, None, "8.00", "8.00", "agrees"),
        ("10月底", "9月", None, None, "10.00", "10.00", "agrees"),
    ],
)
def test_which_figure_counts(target, actual, declared, reason, computed, score, status):
    row = scored(target, actual, declared=declared, reason=reason, level2=SOCIAL, name="事项")
    assert (text(row.computed), text(row.score), str(row.status)) == (computed, score, status)


@pytest.mark.parametrize("verdict", [Verdict.JUDGEMENT, Verdict.UNVERIFIABLE])
@pytest.mark.parametrize(
    ("declared", "score", "status"),
    [("9.5", "9.5", "judged"), ("12", "10", "differs"), ("-3", "0", "differs"), (None, None, "unscored")],
)
def test_what_only_a_person_can_say(verdict, declared, score, status):
    row = scored_reading(read(verdict, kind=Kind.WORDS, basis=Basis.NONE), declared=declared)
    assert (row.computed, text(row.score), str(row.status)) == (None, score, status)


@pytest.mark.parametrize("flag", [Flag.SCAN_SUSPECT, Flag.TEMPLATE])
def test_a_suspect_cell_takes_no_points_off(flag):
    reading = read(Verdict.MISSED, target="290", actual="95", unit="%", flags=frozenset({flag}))
    row = scored_reading(reading, declared="10")
    assert (row.computed, text(row.score), row.status) == (None, "10", Status.JUDGED)


def test_a_person_may_take_points_off_an_over_achieved_row_where_the_profile_says_so():
    kept = scored("≥100场", "130场", "integrated-system", declared="9")
    assert (text(kept.computed), text(kept.score), kept.status) == ("10.00", "9", Status.JUDGED)
    assert scored("≥100场", "119场", "integrated-system", declared="9").status is Status.LOWER
    assert scored("≥100场", "130场", "integrated-system-guangxi", declared="9").status is Status.LOWER


def test_a_wrong_operator_takes_no_points_off():
    flags = frozenset({Flag.DIRECTION_DOUBTFUL})
    reading = read(Verdict.MISSED, direction=Direction.AT_MOST, target="4", actual="6", flags=flags)
    row = scored_reading(reading, "integrated-system", declared="10")
    assert (row.computed, text(row.score), row.status) == (None, "10", Status.JUDGED)


@pytest.mark.parametrize(("actual", "computed"), [("60", "7.50"), ("85", None), ("120", "8.00")])
def test_a_range_is_scored_from_the_end_that_was_missed(actual, computed):
    verdict = Verdict.MET if computed is None else Verdict.MISSED
    reading = read(verdict, direction=Direction.WITHIN, target="90", actual=actual)
    reading = reading._replace(target=reading.target._replace(low=Decimal(80), high=Decimal(100)))
    assert text(scored_reading(reading, "integrated-system").computed) == (computed or "10.00")


@pytest.mark.parametrize(
    ("profile", "verdict", "computed"),
    [
        ("mof-2020", Verdict.MET, "10.00"),
        ("mof-2020", Verdict.MISSED, None),
        ("hubei", Verdict.MISSED, "8.33"),
        ("integrated-system", Verdict.MISSED, "10.00"),
    ],
)
def test_above_an_equal_target(profile, verdict, computed):
    reading = read(verdict, direction=Direction.EQUAL, target="100", actual="120")
    assert text(scored_reading(reading, profile).computed) == computed


def test_a_tolerance_without_a_base_leaves_no_ratio():
    reading = read(Verdict.MISSED, direction=Direction.WITHIN, actual="12", unit="%")
    reading = reading._replace(target=reading.target._replace(low=Decimal(-10), high=Decimal(10)))
    assert scored_reading(reading, "integrated-system").computed is None


def test_values_are_cut_to_two_decimals_before_they_are_compared():
    assert text(scored("≥1.019公里", "1.011公里", "integrated-system").computed) == "10.00"
    assert text(scored("≥1.019公里", "1.009公里", "integrated-system").computed) == "9.90"


def test_a_negative_actual_counts_as_zero():
    assert text(scored("≥5%", "-3%", name="增长率", level2=SOCIAL).computed) == "0.00"


def test_several_targets_in_one_cell_leave_no_ratio():
    reading = read(Verdict.PARTLY, kind=Kind.COMPOUND, direction=Direction.NONE)
    row = scored_reading(reading, declared="8")
    assert (row.computed, row.status) == (None, Status.JUDGED)


@pytest.mark.parametrize("declared", [None, "15"])
def test_a_row_without_weight_keeps_what_was_declared(declared):
    row = scored("≥100场", "80场", weight=None, declared=declared)
    assert (row.weight, row.computed, text(row.score)) == (None, None, declared)
    assert row.status is (Status.UNSCORED if declared is None else Status.JUDGED)


def test_points_lost():
    assert scored("≥100场", "80场").lost == Decimal(2)
    assert scored("≥100场", None).lost is None


@pytest.mark.parametrize(
    ("setting", "computed", "applies"),
    [("manual", None, True), ("zero", "0.00", True), ("full", "10.00", True), ("rescale", None, False)],
)
def test_a_row_that_does_not_apply(make_profile, setting, computed, applies):
    reading = read(Verdict.UNVERIFIABLE, basis=Basis.NONE, flags=frozenset({Flag.NOT_APPLICABLE}))
    row = scored_reading(reading, make_profile(totalling={"not_applicable": setting}))
    assert (text(row.computed), row.applies) == (computed, applies)


@pytest.mark.parametrize(
    ("settings", "target", "actual", "computed"),
    [
        ({"over_achievement": {"method": "ignore"}}, "≥100场", "300场", "10.00"),
        ({"over_achievement": {"method": "proportional", "threshold": "1.3"}}, "≥100场", "150场", "8.00"),
        ({"over_achievement": {"method": "proportional", "threshold": "1.3"}}, "≥100场", "900场", "0.00"),
        (
            {"over_achievement": {"method": "fixed", "threshold": "1.5", "points": 12}},
            "≥100场",
            "150场",
            "0.00",
        ),
        (
            {
                "over_achievement": {
                    "method": "steps",
                    "threshold": "1.5",
                    "steps": [{"at_least": 2, "percent": 50}, {"at_least": "1.5", "percent": 80}],
                }
            },
            "≥100场",
            "199场",
            "8.00",
        ),
        ({"quantity": {"at_least": "all_or_nothing"}}, "≥100场", "99场", "0.00"),
        ({"quantity": {"at_least": "manual"}}, "≥100场", "99场", None),
        ({"quantity": {"at_most": "all_or_nothing"}}, "≤100%", "101%", "0.00"),
        ({"quantity": {"above_equal": "manual"}}, "=100场", "101场", None),
        ({"quantity": {"above_equal": "at_most", "at_most": "mirrored"}}, "=100场", "150场", "5.00"),
        ({"timeliness": {"method": "all_or_nothing"}}, "10月底", "11月", "0.00"),
        ({"timeliness": {"method": "monthly", "percent": 10}}, "6月30日前", "8月15日", "8.00"),
        ({"timeliness": {"method": "monthly", "percent": 40}}, "6月30日前", "12月15日", "0.00"),
        ({"timeliness": {"method": "duration"}}, "6月30日前", "12月31日", "4.96"),
        ({"totalling": {"row": {"mode": "down", "digits": 1}}}, "≥90场", "55场", "6.1"),
        ({"totalling": {"row": {"mode": "up", "digits": 0}}}, "≥90场", "55场", "7"),
        ({"totalling": {"row": {"mode": "half_even", "digits": 1}}}, "≥100场", "64.5场", "6.4"),
        ({"totalling": {"no_evidence": "zero"}}, "≥100场", "100场", "0.00"),
        ({"qualitative": {"not_done": "zero"}}, "及时", "未完成", "0.00"),
        ({"qualitative": {"not_done": "zero"}}, "及时", "及时", "10.00"),
    ],
)
def test_settings_of_a_users_own_profile(make_profile, settings, target, actual, computed):
    assert text(scored(target, actual, make_profile(**settings), name="事项").computed) == computed


@pytest.mark.parametrize(("method", "computed"), [("manual", None), ("top", "8.00"), ("middle", "7.00")])
def test_a_rating_may_stand_for_points(make_profile, method, computed):
    row = scored(
        "提升", "有所提升", make_profile(qualitative={"method": method}), rating="partly", level2=SOCIAL
    )
    assert text(row.computed) == computed


@pytest.mark.parametrize("method", ["duration", "monthly"])
@pytest.mark.parametrize(
    ("due", "done"), [("", "2022-11-30"), ("2022-10-31", ""), ("2022-10-31", "2022-10-31")]
)
def test_lateness_that_cannot_be_counted_is_for_a_person(make_profile, method, due, done):
    reading = read(Verdict.MISSED, kind=Kind.DATE, direction=Direction.BY_DATE, late=True)
    dated = reading._replace(
        target=reading.target._replace(day=due), actual=reading.actual._replace(day=done)
    )
    assert scored_reading(dated, make_profile(timeliness={"method": method, "percent": 10})).computed is None


def test_a_negative_target_leaves_no_ratio():
    reading = read(Verdict.MISSED, target="-5", actual="-10", unit="%")
    assert scored_reading(reading, "integrated-system").computed is None
