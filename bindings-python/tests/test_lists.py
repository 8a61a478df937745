"""A dictionary of lists says what its rows say: a list is read as a whole where its values are alike, a row value by value,
and not one difference is allowed."""

import datetime
import os
import random
from decimal import Decimal
from enum import IntEnum

import numpy
import pandas
from conftest import told

from kaohe import DataError, Scheme

#: How many times the ordinary run's work the long run does.
TIMES = 20 if os.environ.get("KAOHE_LONG") else 1

SCHEME = Scheme.parse("""
kaohe: 1
scheme: 例
inputs:
  k: { type: text, key: true }
  a: { type: number }
  b: { type: number, places: 2, min: -1000000, max: 1000000, missing: allow }
  n: { type: number, whole: true, missing: 0 }
  t: { type: bool, missing: allow }
  d: { type: date, missing: allow }
  c: { type: choice, values: [甲, 乙], missing: allow }
  w: { type: text, missing: allow }
computed:
  third: a / 3
  same: a
  tenth: { formula: b / 10, round: 2 }
  next: n + 1
  truth: not t
  day: d
  choice: c
  word: w
  place: rank(b desc ties min)
""")
NAMES = ["a", "b", "n", "t", "d", "c", "w"]


class Whole(IntEnum):
    ONE = 1
    NINE = 9


class Float(float):
    def __str__(self):
        return "0.75"


class Word(str):
    pass


class Amount(Decimal):
    def __str__(self):
        return "12.5"


def alike(dice):
    """What makes values of one kind, as most lists hold."""
    places = dice.randrange(5)
    return dice.choice(
        [
            lambda: dice.randrange(-3, 4),
            lambda: dice.randrange(-(10**16), 10**16),
            lambda: dice.randrange(-(10**6), 10**6) / 100,
            lambda: Decimal(dice.randrange(-(10**8), 10**8)).scaleb(-places),
            lambda: Decimal(dice.randrange(-(10**8), 10**8)).scaleb(-dice.randrange(5)),
            lambda: Decimal(dice.randrange(-(10**3), 10**3) * 10 ** dice.randrange(5)).scaleb(-2).normalize(),
            lambda: f"{dice.randrange(-(10**6), 10**6) / 100:.2f}",
            lambda: str(dice.randrange(100)),
            lambda: dice.choice("甲乙丙"),
            lambda: dice.random() < 0.5,
            lambda: datetime.date(2026, 1, 1) + datetime.timedelta(dice.randrange(1000)),
            lambda: f"2026-0{dice.randrange(1, 10)}-01",
        ]
    )


#: What a list may have among values of one kind.
ODD = [
    True, False, 0, 1, -1, 2**63 - 1, -(2**63), 2**63, 10**40, 0.0, -0.0, 0.1, 1e300, 2.0**53 + 2, float("nan"),
    float("inf"), Decimal("NaN"), Decimal("-NaN12"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("0"), Decimal("-0"),
    Decimal("-0.00"), Decimal("0.000"), Decimal("1E+3"), Decimal("-1.25E+7"), Decimal("9E+18"), Decimal("1E+19"),
    Decimal("1.20E-7"), Decimal("0E+9"), Decimal("0E-9"),
    Decimal("123456789012345678"), Decimal("1234567890123456789"), Decimal("-0.123456789012345678"),
    Decimal("9" * 28), Decimal("1." + "0" * 60), Decimal("12345678901234567890.12345678901234567890"), "", " ", " 7 ",
    "+3", ".5", "5.", "0012.50", "-0", "1e5", "1,200", "１２", "12万", "NaN", "是", "true", "甲 ", "2026-02-30", "0" * 30,
    Whole.ONE, Whole.NINE, Float(0.25), Word("7"), Word("甲"), Amount("0.1"), numpy.float64(0.1), numpy.float32(0.1),
    numpy.int64(5), numpy.bool_(True), numpy.datetime64("2026-01-01"), pandas.NA, pandas.NaT,
    datetime.datetime(2026, 1, 1), pandas.Timestamp("2026-01-01"),
]  # fmt: skip
#: What no cell can be.
REFUSED = [
    [], b"7", 1j, object(), "\ud800", 1 << 100_000, Decimal("1E+999999999"), Decimal("1" * 5000),
    datetime.datetime(2026, 1, 1, 12), datetime.time(1),
]  # fmt: skip


def column(dice, rows):
    """A list of values that are alike, some of them absent and a few odd or refused."""
    make, absent, odd = alike(dice), dice.choice([0, 0, 0.2, 1]), dice.choice([0, 0, 0.05, 0.5])
    return [None if dice.random() < absent else dice.choice(ODD) if dice.random() < odd else make() for _ in range(rows)]


def answer(table):
    """The figures to the last digit and the lines of the errors, or why the table is refused."""
    try:
        result = SCHEME.score(table)
    except DataError as error:
        return error.code, error.message, error.message_zh, error.help, error.offenders
    frame = result.frame
    rows = frame if isinstance(frame, list) else [dict(zip(frame, row, strict=True)) for row in zip(*frame.values())]
    return [repr(row) for row in rows], told(result)


def test_random_lists():
    refused, wrong = 0, []
    for seed in range(1500 * TIMES):
        dice = random.Random(f"lists {seed}")
        rows = dice.choice([1, 2, 5, 30])
        columns = {"k": [str(at) for at in range(rows)], **{name: column(dice, rows) for name in NAMES}}
        # of one column alone: columns are refused in their order, rows in theirs
        if dice.random() < 0.1:
            columns[dice.choice(NAMES)][dice.randrange(rows)] = dice.choice(REFUSED)
        people = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        # rows of different names are no columns, and each of their values is a cell of its own
        people[0]["unknown"] = None
        found, wanted = answer(columns | {"unknown": [None] * rows}), answer(people)
        refused += isinstance(found[0], str)
        if found != wanted:
            wrong.append((seed, columns, found, wanted))
    assert refused > 20 * TIMES
    assert not wrong, wrong[0]


def test_decimals_that_are_the_same_number_keep_their_places():
    scheme = Scheme.parse(
        "kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, a: { type: number } }\n"
        "computed: { exact: a, three: { formula: a, round: 3 }, whole: { formula: a, round: 0 } }"
    )
    numbers = [Decimal(at % 7).scaleb(-(at % 3)) for at in range(5000)]
    numbers += [Decimal(at).scaleb(-3) for at in range(-5000, 5000)]
    wide = ["9999999999999999", "-9999999999999999.999999999999", "0.000000000001", "-0.0005"]
    numbers += [None, *map(Decimal, wide)]
    frame = scheme.score({"k": [str(at) for at in range(len(numbers))], "a": numbers}).frame
    rows = [scheme.score_row({"k": "1", "a": number}) for number in numbers]
    for name in ["exact", "three", "whole"]:
        assert list(map(repr, frame[name])) == [repr(row[name]) for row in rows], name
    assert str(frame["three"][0]) == "0.000"
