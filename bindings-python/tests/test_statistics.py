"""Figures over groups against packages that know nothing of this library: scipy, numpy and apportionment.

They compute with binary floats, so figures that are no whole numbers are held to a relative hair; what is exact to the
last digit is shown by fractions in `test_populations.py`.
"""

import random
from collections import defaultdict
from decimal import Decimal

import numpy
import pytest
from apportionment.methods import TiesException, compute
from scipy import stats

from kaohe import Scheme

SEEDS = range(8)
ROWS = 400
HAIR = 1e-11
TIES = ("min", "max", "average", "dense")
#: What a percentile counts as at or below.
KINDS = ("rank", "weak", "strict", "mean")

HEAD = """
kaohe: 1
scheme: 例
inputs:
  k: { type: text, key: true }
  g: { type: text }
  x: { type: number, places: 2 }
  y: { type: number, places: 2 }
computed:
"""


def people(seed):
    """Groups of very different sizes; many equals in x, few in y."""
    dice = random.Random(f"people {seed}")
    return [
        {
            "k": f"{at:04}",
            "g": dice.choice(["东", "西", "西", "南", "南", "南", "南", f"独{dice.randrange(40)}"]),
            "x": Decimal(dice.randint(-20, 20) * 25) / 100,
            "y": Decimal(dice.randint(-(10**7), 10**7)) / 100,
        }
        for at in range(ROWS)
    ]


def figures(columns, rows):
    scheme = Scheme.parse(HEAD + "\n".join(f"  {name}: {formula}" for name, formula in columns.items()))
    result = scheme.score(rows, threads=2)
    assert result.is_complete
    return result.frame


def by_group(rows, within):
    groups = defaultdict(list)
    for at, row in enumerate(rows):
        groups[row["g"] if within else None].append(at)
    return groups.values()


@pytest.mark.parametrize("seed", SEEDS)
def test_places_are_those_of_scipy(seed):
    rows = people(seed)
    columns = {
        f"{value}_{direction}_{ties}_{within or 'all'}": f"rank({value} {direction} ties {ties}{' within g' * bool(within)})"
        for value in "xy" for direction in ("asc", "desc") for ties in TIES for within in ("", "g")
    }  # fmt: skip
    frame, compared = figures(columns, rows), 0
    for name in columns:
        value, direction, ties, within = name.split("_")
        for group in by_group(rows, within == "g"):
            sign = 1 if direction == "asc" else -1
            want = stats.rankdata([sign * float(rows[at][value]) for at in group], method=ties)
            assert [float(frame[at][name]) for at in group] == want.tolist(), name
            compared += len(group)
    assert compared == ROWS * 32


@pytest.mark.parametrize("seed", SEEDS)
def test_percentiles_are_those_of_scipy(seed):
    rows = people(seed)
    columns = {f"{value}_{kind}": f"percentile({value}, {kind} within g)" for value in "xy" for kind in KINDS}
    frame = figures(columns, rows)
    for name in columns:
        value, kind = name.split("_")
        for group in by_group(rows, True):
            values = numpy.array([float(rows[at][value]) for at in group])
            want = stats.percentileofscore(values, values, kind=kind)
            numpy.testing.assert_allclose([100 * float(frame[at][name]) for at in group], want, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_statistics_are_those_of_numpy(seed):
    rows = people(seed)
    functions = {
        "group_sum": numpy.sum, "group_avg": numpy.mean, "group_median": numpy.median, "group_min": numpy.min,
        "group_max": numpy.max, "group_stdev": numpy.std, "group_count": numpy.size,
    }  # fmt: skip
    columns = {f"{value}_{name}": f"{name}({value} within g)" for value in "xy" for name in functions}
    frame = figures(columns, rows)
    for name in columns:
        value, function = name.split("_", 1)
        for group in by_group(rows, True):
            want = functions[function](numpy.array([float(rows[at][value]) for at in group]))
            found = {frame[at][name] for at in group}
            assert len(found) == 1
            numpy.testing.assert_allclose(float(found.pop()), want, rtol=HAIR, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("seed", SEEDS)
def test_cumulative_shares_are_those_of_numpy(seed):
    rows = [row | {"y": abs(row["y"]) + 1} for row in people(seed)]
    frame = figures({"share": "share(y within g)", "up_to": "cumulative_share(y desc within g)"}, rows)
    for group in by_group(rows, True):
        group.sort(key=lambda at: -rows[at]["y"])
        values = numpy.array([float(rows[at]["y"]) for at in group])
        numpy.testing.assert_allclose([float(frame[at]["share"]) for at in group], values / values.sum(), atol=1e-11)
        if len(set(values)) == len(values):
            want = values.cumsum() / values.sum()
            numpy.testing.assert_allclose([float(frame[at]["up_to"]) for at in group], want, atol=1e-11)


def parts(dice, count):
    """Whole percentages that total 100, none of them nought."""
    cuts = sorted(dice.sample(range(1, 100), count - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]


def test_seats_are_those_of_hamiltons_method():
    """The largest remainder; where remainders are equal the package breaks ties its own way, so those are left out."""
    compared, tied = 0, 0
    for seed in range(60):
        dice = random.Random(f"seats {seed}")
        ladder = [f"G{at}" for at in range(dice.randint(2, 7))]
        shares = parts(dice, len(ladder))
        listed = ", ".join(f"{grade}: {share}%" for grade, share in zip(ladder, shares, strict=True))
        scheme = Scheme.parse(f"""
kaohe: 1
scheme: 例
inputs: {{ k: {{ type: text, key: true }}, g: {{ type: text }}, x: {{ type: number }} }}
grades:
  level:
    ladder: [{", ".join(ladder)}]
    within: [g]
    order: [x desc, k asc]
    quota: {{ of: graded, shares: {{ {listed} }} }}
""")
        sizes = {f"g{at}": dice.choice([1, 2, 3, dice.randint(4, 30), dice.randint(31, 120)]) for at in range(6)}
        rows = [
            {"g": group, "x": dice.randint(0, 9)} for group, size in sizes.items() for _ in range(size)
        ]  # fmt: skip
        dice.shuffle(rows)
        rows = [row | {"k": f"{at:04}"} for at, row in enumerate(rows)]
        result = scheme.score(rows)
        assert result.is_complete
        for group, size in sizes.items():
            seated = [row | person for row, person in zip(rows, result.frame, strict=True) if row["g"] == group]
            counts = [sum(person["level"] == grade for person in seated) for grade in ladder]
            assert sum(counts) == size
            # the better grade to the better, whatever the counts
            seated.sort(key=lambda person: (-person["x"], person["k"]))
            assert [person["level"] for person in seated] == sorted(person["level"] for person in seated)
            try:
                want = compute("hamilton", shares, size, fractions=True, parties=ladder, tiesallowed=False)
            except TiesException:
                tied += 1
                continue
            assert counts == want, (shares, size)
            compared += 1
    assert compared > 250 and tied < compared
