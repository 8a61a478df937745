"""Values of Python on their way in and out: exactly, or refused by name."""

import datetime
from decimal import Decimal
from fractions import Fraction

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe import CellError, DataError, Formula, Scheme, SchemeError

NUMBER = Formula("a")
TRUTH = Formula("a", {"a": "bool"})
TEXT = Formula("a", {"a": "text"})
DATE = Formula("a", {"a": "date"})
ALLOWED = Formula("a", {"a": {"type": "number", "missing": "allow"}})
WIDE = Formula("a * 0 + a", {"a": {"type": "number", "min": "-1" + "0" * 40, "max": "1" + "0" * 40, "places": 12}})


def exactly(value, formula=NUMBER):
    return formula.evaluate({"a": value}, exact=True)


def code(value, formula=NUMBER):
    with pytest.raises(CellError) as caught:
        formula.evaluate({"a": value})
    return caught.value.code


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (Decimal("1.10"), "1.1"),
        (Decimal("-0"), "0"),
        (Decimal("-0.0"), "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12.5E-3"), "0.0125"),
        (Decimal("0E+9999"), "0"),
        (Decimal("0E-9999"), "0"),
        # sixteen digits before the point and twelve after are 28: each of them counts
        (Decimal("1234567890123456.123456789012"), "1234567890123456.123456789012"),
        (Decimal("-9999999999999999.999999999999"), "-9999999999999999.999999999999"),
        # trailing zeros are no decimals
        (Decimal("1." + "0" * 60), "1"),
        (7, "7"),
        (-(10**15), "-1000000000000000"),
        (0.1, "0.1"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (2.675, "2.675"),
        (float(2**53 - 1), "9007199254740991"),
        ("1.5", "1.5"),
        (" 1.5 ", "1.5"),
        ("0.123456789012", "0.123456789012"),
        (numpy.int64(7), "7"),
        (numpy.uint8(200), "200"),
        (numpy.float64(0.1), "0.1"),
        (numpy.float32(0.1), "0.1"),
        (numpy.float16(0.1), "0.1"),
        (numpy.str_("1.5"), "1.5"),
    ],
)
def test_a_number_is_its_digits(value, want):
    assert exactly(value) == Fraction(want)


def test_a_decimal_is_not_rounded_to_28_digits():
    """The conversion of pyo3 itself would lose the last digits."""
    assert WIDE.evaluate({"a": Decimal("1234567890123456.789012345678")}) == Decimal("1234567890123456.789012345678")
    # rounded to 28 digits these would be 1, and 28 nines and a nought
    assert code(Decimal("1.0000000000000000000000000000000001")) == "K0905"
    assert code(Decimal("99999999999999999999999999990.4"), WIDE) == "K0908"
    assert code(10**40 - 1, WIDE) == "K0908" and code(10**40 + 1, WIDE) == "K0903"
    assert code(Decimal(10**40 + 1), WIDE) == code(Decimal("1.0E+41"), WIDE) == "K0903"


@pytest.mark.parametrize("value", [None, float("nan"), Decimal("NaN"), Decimal("-NaN123"), "", pandas.NA, pandas.NaT,
                                   numpy.float32("nan"), numpy.float64("nan")])
def test_what_is_not_there_is_missing(value):
    assert code(value) == "K0901"
    assert ALLOWED.evaluate({"a": value}) is None


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), Decimal("Infinity"), Decimal("-Infinity"),
                                   Decimal("sNaN"), numpy.float32("inf"), float(2**53 + 2), 1e300, True, False,
                                   numpy.bool_(True), "1,200", "一百", datetime.date(2026, 7, 1)])
def test_what_is_no_number_is_a_fault_of_its_cell(value):
    assert code(value) == "K0906"


@pytest.mark.parametrize("value", [10**16, Decimal("1E+16"), Decimal("1E-13"), Decimal("1234567890123456.1234567890123"),
                                   10**600])
def test_more_digits_than_count_are_a_fault_of_the_cell(value):
    assert code(value) == "K0905"


@pytest.mark.parametrize(
    "value",
    [[1], (1,), {"a": 1}, {1}, b"1", 1j, Fraction(1, 3), object(), int, numpy.array([1]), numpy.array(1),
     numpy.complex64(1), numpy.timedelta64(1, "D"), datetime.timedelta(1), datetime.time(1)],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_refused_by_name(value):
    with pytest.raises(DataError) as caught:
        NUMBER.evaluate({"a": value})
    error = caught.value
    assert error.offenders == ["a"]
    assert "`a`" in str(error) and type(value).__name__ in str(error)
    assert "`a`" in error.message_zh and type(value).__name__ in error.message_zh


@pytest.mark.parametrize("value", [Decimal("1E+999999999"), Decimal("1E-999999999"), 1 << 100_000,
                                   Decimal("1" * 5000)], ids=["large", "small", "whole", "long"])
def test_a_number_beyond_measure_is_refused_before_it_is_written_out(value):
    with pytest.raises(DataError, match="more than 4300 digits"):
        NUMBER.evaluate({"a": value})


def test_text_that_is_not_unicode_is_refused():
    with pytest.raises(DataError, match="not valid Unicode"):
        TEXT.evaluate({"a": "\ud800"})


def test_truth():
    for value, want in [(True, True), (False, False), ("是", True), ("false", False), (1, True), (0, False),
                        (numpy.bool_(True), True)]:
        assert TRUTH.evaluate({"a": value}) is want
    assert code(2, TRUTH) == code("perhaps", TRUTH) == code(1.0, TRUTH) == "K0906"


def test_text():
    assert TEXT.evaluate({"a": "007"}) == "007"
    # a number is text when a column of keys was read as numbers
    assert TEXT.evaluate({"a": 7}) == "7"
    assert TEXT.evaluate({"a": 10**30}) == "1" + "0" * 30
    # a float is not: 7.0 could be 7 or 7.0
    assert code(7.0, TEXT) == code(True, TEXT) == code(Decimal(7), TEXT) == "K0906"


def test_dates():
    day = datetime.date(2026, 7, 1)
    for value in [day, "2026-07-01", numpy.datetime64("2026-07-01"), numpy.datetime64("2026-07-01T00:00:00.000000000"),
                  pandas.Timestamp("2026-07-01"), datetime.datetime(2026, 7, 1)]:
        assert DATE.evaluate({"a": value}) == day
    assert type(DATE.evaluate({"a": day})) is datetime.date
    assert code(numpy.datetime64("NaT"), DATE) == code(pandas.NaT, DATE) == "K0901"
    assert code("2026-7-1", DATE) == code(20260701, DATE) == "K0906"


@pytest.mark.parametrize("value", [datetime.datetime(2026, 7, 1, 12), datetime.datetime(2026, 7, 1, microsecond=1),
                                   datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC),
                                   pandas.Timestamp("2026-07-01 00:00:00.000000001"),
                                   numpy.datetime64("2026-07-01T12:00"), numpy.datetime64("2026-07")], ids=repr)
def test_a_point_in_time_is_no_day(value):
    with pytest.raises(DataError, match="no calendar day") as caught:
        DATE.evaluate({"a": value})
    assert caught.value.offenders == ["a"] and "日历日期" in caught.value.message_zh


def test_only_what_is_read_is_looked_at(scheme):
    row = {"工号": "1", "日均存款": 1, "存款任务": 1, "照片": b"...", 7: object()}
    assert scheme.score_row(row)["完成率"] == 1


def test_every_refused_value_is_named():
    with pytest.raises(DataError) as caught:
        Formula("a + b + c").evaluate({"a": [1], "b": {}, "c": 1})
    assert caught.value.offenders == ["a", "b"]


def test_one_fact_twice_is_refused():
    with pytest.raises(DataError, match="two facts"):
        Formula("指标1").evaluate({"指标1": 1, "指标１": 2})


def test_rounded_figures_have_exactly_their_places():
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
inputs: { 工号: { type: text, key: true }, a: { type: number } }
computed:
  两位: { formula: a, round: 2 }
  无位: { formula: a, round: 0 }
  原样: a
""")
    outcome = scheme.score_row({"工号": "1", "a": "-0.004"})
    assert [str(outcome[name]) for name in ("两位", "无位", "原样")] == ["0.00", "0", "-0.004"]
    assert all(type(outcome[name]) is Decimal for name in ("两位", "无位", "原样"))


@settings(max_examples=2000, deadline=None)
@given(st.integers(-(10**28) + 1, 10**28 - 1))
def test_every_decimal_of_28_digits_comes_back(mantissa):
    value = Decimal(mantissa).scaleb(-12)
    # scaleb goes by the context, whose 28 digits are just enough here
    assert exactly(value) == Fraction(mantissa, 10**12)
    assert NUMBER.evaluate({"a": value}) == value
    assert NUMBER.evaluate({"a": format(value, "f")}) == value


@settings(max_examples=2000, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 12))
def test_a_float_is_its_shortest_text(mantissa, places):
    """Fifteen digits are the digits of every float; more of them go by the text Python itself shows."""
    assert exactly(float(Decimal(mantissa).scaleb(-places))) == Fraction(mantissa, 10**places)


def test_of_two_shortest_texts_a_float_is_the_one_python_shows():
    assert exactly(562949953421312.25) == Fraction(repr(562949953421312.25)) == Fraction("562949953421312.2")


@settings(max_examples=2000, deadline=None)
@given(st.integers(-99999, 99999), st.integers(0, 4))
def test_a_short_float_is_its_shortest_text(mantissa, places):
    value = numpy.float32(mantissa / 10**places)
    assert exactly(value) == Fraction(mantissa, 10**places)


def test_spaces_around_a_name_do_not_count():
    scheme = Scheme.parse("kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, x: { type: number } }\ncomputed: { b: x * 2 }\n")
    assert scheme.score_row({"k": "1", " x ": 5})["b"] == 10
    assert [each["b"] for each in scheme.score([{"k": "1", " x": 5}, {"k": "2"}]).frame] == [10, None]


def test_a_scheme_of_a_dictionary_has_no_lines_on_another_day_either():
    scheme = Scheme.from_dict(
        {
            "kaohe": 1,
            "scheme": "例",
            "period": {"kind": "quarter", "start": "2026-07-01", "end": "2026-09-30"},
            "inputs": {"k": {"type": "text", "key": True}},
            "parameters": {"p": [{"from": "2026-01-01", "value": 5}]},
            "computed": {"b": "p + 1"},
        }
    )
    with pytest.raises(SchemeError) as caught:
        scheme.with_as_of(datetime.date(1990, 1, 1))
    assert [each.line for each in caught.value.diagnostics] == [None]
