"""Agreement and severity against packages that know nothing of this library: pingouin, krippendorff, scipy, numpy."""

import doctest
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import krippendorff
import numpy
import pandas
import pingouin
import polars
import pyarrow
import pytest
from scipy import stats

import kaohe

SEEDS = range(12)
HAIR = 1e-9
COLUMNS = {"ratee": "ratee", "rater": "rater", "rating": "rating"}
LEVELS = ("nominal", "ordinal", "interval", "ratio")
#: How pingouin calls the six forms: A is agreement, C consistency.
FORMS = {
    "icc_1_1": "ICC(1,1)",
    "icc_2_1": "ICC(A,1)",
    "icc_3_1": "ICC(C,1)",
    "icc_1_k": "ICC(1,k)",
    "icc_2_k": "ICC(A,k)",
    "icc_3_k": "ICC(C,k)",
}

SHROUT_AND_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def sheets(by_ratee):
    """One row for each rating, of ratings by ratee and rater."""
    return [
        {"ratee": f"e{ratee}", "rater": f"r{rater}", "rating": rating}
        for ratee, row in enumerate(by_ratee)
        for rater, rating in enumerate(row)
    ]


def marks(seed, missing=0.0):
    """Ratings on a random scale, with decimals now and then."""
    dice = random.Random(f"ratings {seed}")
    ratees, raters, top, places = dice.randint(4, 12), dice.randint(2, 6), dice.choice([3, 10, 100]), dice.choice([0, 2])
    worth = [dice.uniform(0, top) for _ in range(ratees)]

    def mark(level):
        if dice.random() < missing:
            return None
        return Decimal(f"{min(max(level + dice.uniform(-top, top) / 3, 0), top):.{places}f}")

    return [[mark(level) for _ in range(raters)] for level in worth]


def floats(by_ratee):
    return numpy.array([[numpy.nan if mark is None else float(mark) for mark in row] for row in by_ratee])


# pingouin calls pandas in a way that pandas will give up
@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("by_ratee", [SHROUT_AND_FLEISS, *map(marks, SEEDS)])
def test_intraclass_correlations_are_those_of_pingouin(by_ratee):
    found = kaohe.agreement(sheets(by_ratee), **COLUMNS)
    frame = pandas.DataFrame(sheets(by_ratee)).astype({"rating": float})
    wanted = pingouin.intraclass_corr(frame, targets="ratee", raters="rater", ratings="rating").set_index("Type")["ICC"]
    assert found.problems == []
    for name, theirs in FORMS.items():
        assert float(found[name]) == pytest.approx(wanted[theirs], rel=HAIR, abs=HAIR), name


def test_intraclass_correlations_as_published():
    found = kaohe.agreement(sheets(SHROUT_AND_FLEISS), **COLUMNS)
    assert [round(found[name], 2) for name in FORMS] == [Decimal(text) for text in "0.17 0.29 0.71 0.44 0.62 0.91".split()]


@pytest.mark.parametrize("by_ratee", [list(zip(*KRIPPENDORFF, strict=True)), *(marks(seed, 0.3) for seed in SEEDS)])
def test_alpha_is_that_of_krippendorff(by_ratee):
    found = kaohe.agreement(sheets(by_ratee), **COLUMNS)
    for level in LEVELS:
        wanted = krippendorff.alpha(reliability_data=floats(by_ratee).T, level_of_measurement=level)
        assert float(found[f"alpha_{level}"]) == pytest.approx(wanted, rel=HAIR, abs=HAIR), level


def test_alpha_as_published():
    found = kaohe.agreement(sheets(zip(*KRIPPENDORFF, strict=True)), **COLUMNS)
    wanted = dict(zip(LEVELS, "0.743 0.815 0.849 0.797".split(), strict=True))
    assert {level: str(round(found[f"alpha_{level}"], 3)) for level in LEVELS} == wanted


@pytest.mark.parametrize("by_ratee", [SHROUT_AND_FLEISS, *map(marks, SEEDS)])
def test_concordance_follows_from_the_test_of_friedman(by_ratee):
    """Friedman's statistic, corrected for ties, is m(n − 1)W; scipy takes three ratees or more."""
    found = kaohe.agreement(sheets(by_ratee), **COLUMNS)
    raters, ratees = len(by_ratee[0]), len(by_ratee)
    statistic = stats.friedmanchisquare(*floats(by_ratee)).statistic
    assert float(found["kendall_w"]) == pytest.approx(statistic / (raters * (ratees - 1)), rel=HAIR)


@pytest.mark.parametrize("seed", SEEDS)
def test_additive_effects_are_those_of_least_squares(seed):
    by_ratee = marks(seed, 0.2)
    found = kaohe.severity(sheets(by_ratee), **COLUMNS, method="additive", unconnected="separate")
    rows = [row for row in sheets(by_ratee) if row["rating"] is not None]
    raters, ratees = found.raters, found.ratees
    who = {row["rater"]: at for at, row in enumerate(raters)}
    whom = {row["ratee"]: at + len(who) for at, row in enumerate(ratees)}
    # one row for each rating, one for each group's total of zero
    design = numpy.zeros((len(rows) + found.groups, len(who) + len(whom)))
    for at, row in enumerate(rows):
        design[at, [who[row["rater"]], whom[row["ratee"]]]] = 1
    for row in raters:
        design[len(rows) + row["group"] - 1, who[row["rater"]]] = 1
    right = [float(row["rating"]) for row in rows] + [0] * found.groups
    wanted = numpy.linalg.lstsq(design, numpy.array(right), rcond=None)[0]
    ours = [float(row["effect"]) for row in raters] + [float(row["adjusted"]) for row in ratees]
    assert ours == pytest.approx(wanted, rel=HAIR, abs=HAIR)


@pytest.mark.parametrize("seed", SEEDS)
def test_centring_and_z_scores_are_those_of_pandas(seed):
    rows = sheets(marks(seed, 0.2))
    frame = pandas.DataFrame(rows).astype({"rating": float})
    own = frame.groupby("rater")["rating"]
    mean, deviation, grand = own.transform("mean"), own.transform("std", ddof=0), frame["rating"].mean()
    adjusted = [row["adjusted"] for row in kaohe.severity(rows, **COLUMNS, method="centring").frame]
    close(adjusted, frame["rating"] - mean + grand)
    scores = kaohe.severity(rows, **COLUMNS, method="z_score")
    given = frame["rating"].notna() & (deviation > 0)
    common = numpy.sqrt((deviation[given] ** 2).mean())
    flat = deviation.where(deviation > 0, numpy.inf)
    close([row["adjusted"] for row in scores.frame], (frame["rating"] - mean) / flat * common + grand)


def close(found, wanted):
    for ours, theirs in zip(found, wanted, strict=True):
        if ours is None:
            assert numpy.isnan(theirs)
        else:
            assert float(ours) == pytest.approx(theirs, rel=HAIR, abs=HAIR)


@pytest.mark.parametrize("make", [list, pandas.DataFrame, polars.DataFrame, pyarrow.Table.from_pylist])
def test_tables_of_every_kind_come_back_as_they_came(make):
    rows = [{"rater": "张", "ratee": who, "rating": mark, "注": 1} for who, mark in [("甲", 80), ("乙", None), ("丙", 65)]]
    found = kaohe.severity(make(rows), **COLUMNS, method="centring")
    for table in (found.frame, found.raters, found.ratees):
        assert type(table) is type(make(rows))
    frame = found.frame if isinstance(found.frame, list) else found.frame["adjusted"]
    adjusted = [row["adjusted"] for row in frame] if isinstance(frame, list) else list(frame)
    missing = adjusted[1].as_py() if isinstance(adjusted[1], pyarrow.Scalar) else adjusted[1]
    assert (len(adjusted), missing is None or missing is pandas.NA) == (3, True)


def test_a_pandas_frame_keeps_its_index():
    frame = pandas.DataFrame(sheets(SHROUT_AND_FLEISS)).sample(frac=1, random_state=1)
    found = kaohe.severity(frame, **COLUMNS, method="additive").frame
    assert list(found.index) == list(frame.index)
    assert list(found["rater"]) == list(frame["rater"])
    assert [int(rating) for rating in found["rating"]] == list(frame["rating"])


def test_what_is_shown_rounded_says_so():
    found = kaohe.agreement(sheets(SHROUT_AND_FLEISS), **COLUMNS)
    assert "icc_1_1" in found.shown_rounded
    assert found["icc_1_1"] == round(Decimal(found.exact("icc_1_1").numerator) / found.exact("icc_1_1").denominator, 12)
    severity = kaohe.severity(sheets([[1, 2], [1, 2], [2, 2]]), **COLUMNS, method="additive")
    # the effects cancel in the means of ratees, who all have both raters
    assert severity.shown_rounded == {"raters.mean", "raters.effect", "ratings.adjusted"}
    assert severity.exact_effects() == {"r0": Fraction(-1, 3), "r1": Fraction(1, 3)}
    with pytest.raises(KeyError):
        found.exact("icc")


@pytest.mark.parametrize(
    ("options", "code", "offenders"),
    [
        ({"rows": [{"ratee": "甲", "rater": "张", "rating": "好"}]}, "K0906", ["1"]),
        ({"rows": [{"ratee": "甲", "rater": "", "rating": 1}]}, "K0901", ["1"]),
        ({"rows": [{"ratee": "甲", "rater": "张", "rating": Decimal("0.1234567890123")}]}, "K0905", ["1"]),
        ({"rows": [{"ratee": "甲", "rater": "张", "rating": 1}] * 2}, "K1021", ["甲 × 张"]),
        ({"rows": [{"ratee": "甲", "rator": "张", "rating": 1}]}, "K0801", ["rater"]),
        ({"rows": [{"ratee": "甲", "rater": "张", "rating": object()}]}, "K0906", ["rating"]),
        ({"rows": []}, "K1023", []),
        ({"method": "center"}, "K0104", ["center"]),
        ({"method": "z_score", "without_spread": "skip"}, "K0104", ["skip"]),
        ({"method": "centring", "unconnected": "separate"}, "K0108", ["unconnected"]),
        ({"rows": sheets([[1, None], [None, 1]])}, "K1025", ["r0", "r1"]),
    ],
)
def test_what_is_refused_has_a_code(options, code, offenders):
    rows = options.pop("rows", sheets(SHROUT_AND_FLEISS))
    with pytest.raises(kaohe.DataError) as caught:
        kaohe.severity(rows, **{**COLUMNS, "method": "additive", **options})
    assert (caught.value.code, caught.value.offenders) == (code, offenders)
    assert caught.value.message_zh


def test_what_has_no_value_says_why():
    found = kaohe.agreement(sheets([[3, 3], [3, 3]]), **COLUMNS)
    assert set(found.values()) == {None}
    assert {problem.code for problem in found.problems} == {"K1024"}
    found = kaohe.agreement(sheets([[1, 2], [2, 3], [3, None]]), **COLUMNS, incomplete="leave_out")
    assert (found.left_out, found.problems) == (("e2",), [])
    with pytest.raises(kaohe.DataError):
        kaohe.agreement(sheets([[1, 2]]), **COLUMNS, incomplete="listwise")


def test_the_examples_of_the_page_hold():
    page = Path(__file__).resolve().parents[2] / "docs" / "raters.md"
    # a block begins and ends with a fence, which is no output
    text = page.read_text(encoding="utf-8").replace("\n```\n", "\n\n")
    test = doctest.DocTestParser().get_doctest(text, {}, "raters.md", str(page), 0)
    assert len(test.examples) > 10
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test)
    assert runner.failures == 0
