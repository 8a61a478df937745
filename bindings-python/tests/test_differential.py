"""The library against rational arithmetic: random formulas on random facts, and not one difference is allowed."""

import os
import random
from decimal import Decimal
from fractions import Fraction

from formulas import MODES, WHOLE, Maker, Number, fact, literal, near_tie, rounded

from kaohe import CellError, Formula, Scheme, SchemeError

#: How many times the ordinary run's work the long run does.
TIMES = 20 if os.environ.get("KAOHE_LONG") else 1

#: The codes of a formula that is refused for a reason of size or of a constant, which random formulas run into.
REFUSED = {
    "K0501",  # its exact value could grow past the limit
    "K0407",  # a constant division by zero
    "K0604",  # a constant lower limit above the upper one
    "K0902",
}
#: A published figure has at most 28 digits, twelve of them decimals.
LIMIT = 10**28
NAMES = ["甲", "存款_2", "c", "d1"]


def expected(number, row):
    """The exact value, or the code of what is wrong."""
    try:
        value = number.value(row)
    except ZeroDivisionError:
        return "K0902"
    return "K0908" if abs(rounded(value, 12, "half_up") * 10**12) >= LIMIT else value


def given(dice, value):
    """The same value as one of the types a host may hand it over as."""
    digits = literal(value).text
    match dice.randrange(5):
        case 0:
            return digits
        case 1 if value.denominator == 1:
            return int(value)
        case 2 if Fraction(repr(float(value))) == value and abs(value) <= 2**53:
            return float(value)
        case 3:
            return Decimal(digits).normalize() if len(digits) < 20 else Decimal(digits)
    return Decimal(digits)


def found(formula, row, exact):
    try:
        return formula.evaluate(row, exact=exact)
    except CellError as error:
        return error.code


def compare(number, formula, rows, dice, wrong):
    for row in rows:
        facts = {name: given(dice, value) for name, value in row.items()}
        want = expected(number, row)
        exact = found(formula, facts, True)
        if exact != want or (type(exact) is not Fraction and exact not in ("K0902", "K0908")):
            wrong.append((number.text, facts, want, exact))
        published = found(formula, facts, False)
        if isinstance(want, Fraction):
            want = rounded(want, 12, "half_up")
            published = Fraction(published) if isinstance(published, Decimal) else published
        if published != want:
            wrong.append((number.text, facts, want, published))


def test_random_formulas():
    pairs, faults, refused, made, wrong = 0, 0, 0, 0, []
    for seed in range(4500 * TIMES):
        dice = random.Random(f"formula {seed}")
        number = Maker(dice, NAMES).number(dice.choice([1, 2, 2, 3, 3, 4]))
        made += 1
        try:
            formula = Formula(number.text)
        except SchemeError as error:
            codes = {each.code for each in error.diagnostics if each.severity == "error"}
            assert codes <= REFUSED, f"{number.text}\n{error}"
            refused += 1
            continue
        rows = [{name: fact(dice) for name in NAMES} for _ in range(24)]
        compare(number, formula, rows, dice, wrong)
        pairs += len(rows)
        faults += sum(isinstance(expected(number, row), str) for row in rows[:2])
        assert wrong[:5] == []
    assert wrong == []
    assert pairs >= 90_000 * TIMES
    # most formulas have values, some have none, and hardly any is refused
    assert refused < made * 0.05
    assert 0 < faults < pairs * 2 / 24 / 2


def test_quotients_at_and_beside_ties():
    """Where rounding twice, or a lost digit of the quotient, would show."""
    pairs, wrong = 0, []
    for seed in range(240 * TIMES):
        dice = random.Random(f"tie {seed}")
        places, mode = dice.choice([0, 1, 2, 4, 6]), MODES[seed % 6]
        number = quotient(places, mode)
        rows = []
        for _ in range(100):
            a, b = near_tie(dice, places)
            rows.append({"a": a, "b": b})
        compare(number, Formula(number.text), rows, dice, wrong)
        pairs += len(rows)
        assert wrong[:5] == []
    assert pairs >= 20_000 * TIMES


def quotient(places, mode):
    return Number(f"round(a / b, {places}, {mode})", WHOLE, lambda row: rounded(row["a"] / row["b"], places, mode))


def test_a_third_three_times_is_one():
    for numerator in range(-60, 60):
        for denominator in range(1, 60):
            row = {"a": numerator, "b": denominator}
            assert BACK.evaluate(row, exact=True) == numerator
            assert AT_LEAST.evaluate(row) is True and BELOW.evaluate(row) is False


BACK = Formula("a / b * b")
AT_LEAST = Formula("a / b * b >= a")
BELOW = Formula("a / b * b < a")


def test_random_schemes_over_tables():
    """Columns that read rounded columns, over whole tables: rounded once each, from the exact value."""
    figures, wrong = 0, []
    for seed in range(60 * TIMES):
        dice = random.Random(f"scheme {seed}")
        mode = MODES[seed % 6]
        names, columns = list(NAMES), []
        for at in range(dice.randint(2, 5)):
            columns.append((f"列{at}", Maker(dice, names).number(2), dice.choice([None, 0, 1, 2, 4, 6])))
            names.append(f"列{at}")
        lines = ["kaohe: 1", "scheme: 例", f"rounding: {{ mode: {mode} }}", "inputs:", "  键: { type: text, key: true }"]
        lines += [f"  {name}: {{ type: number }}" for name in NAMES]
        lines += ["computed:"]
        for name, number, places in columns:
            lines += [f"  {name}:", f'    formula: "{number.text}"']
            lines += [] if places is None else [f"    round: {places}"]
        try:
            scheme = Scheme.parse("\n".join(lines))
        except SchemeError as error:
            codes = {each.code for each in error.diagnostics if each.severity == "error"}
            assert codes <= REFUSED, str(error)
            continue
        rows = [{name: fact(dice) for name in NAMES} for _ in range(300)]
        table = [{"键": str(at)} | {name: given(dice, value) for name, value in row.items()} for at, row in enumerate(rows)]
        result = scheme.score(table, threads=2)
        errors = {(each["key"], each["column"]): each["code"] for each in result.errors}
        for at, (row, out) in enumerate(zip(rows, result.frame, strict=True)):
            known = dict(row)
            for name, number, places in columns:
                want = reckoned(number, places, mode, known)
                got = errors.get((str(at), name)) if out[name] is None else Fraction(out[name])
                if isinstance(want, Fraction):
                    known[name] = want
                    want = rounded(want, 12, "half_up") if places is None else want
                    if places is not None and out[name] is not None and -out[name].as_tuple().exponent != places:
                        wrong.append((name, places, out[name]))
                figures += 1
                if got != want:
                    wrong.append((name, number.text, places, mode, row, want, got))
        assert wrong[:5] == []
    assert figures > 30_000 * TIMES


def reckoned(number, places, mode, known):
    try:
        value = number.value(known)
    except ZeroDivisionError:
        return "K0902"
    except KeyError:
        return "K0920"
    if places is not None:
        value = rounded(value, places, mode)
    at = 12 if places is None else places
    return "K0908" if abs(rounded(value, at, "half_up") * 10**at) >= LIMIT else value
