"""Formulas made up at random, and what they mean in fractions: a second opinion that shares no code with the library.

A tree knows how to print itself as a formula and how to be computed with `fractions.Fraction`, lazily from left to
right as the language says.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

MODES = ("half_up", "half_even", "up", "down", "floor", "ceil")

Row = dict[str, Fraction]


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """The value at so many decimals, decided on whole numbers alone."""
    unit = Fraction(10) ** places
    numerator, denominator = (abs(value) * unit).as_integer_ratio()
    whole, rest = divmod(numerator, denominator)
    away = {
        "half_up": 2 * rest >= denominator,
        "half_even": 2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
        "floor": rest > 0 and value < 0,
        "ceil": rest > 0 and value > 0,
    }[mode]
    whole += away
    return (-whole if value < 0 else whole) / unit


@dataclass(frozen=True)
class Number:
    """A part of a formula that is a number: how it is written, how tightly it holds together, what it comes to."""

    text: str
    strength: int
    value: Callable[[Row], Fraction]


@dataclass(frozen=True)
class Truth:
    """A part that is true or false."""

    text: str
    strength: int
    value: Callable[[Row], bool]


# how tightly operators hold, loosest first
OR, AND, NOT, COMPARE, ADD, MULTIPLY, SIGN, POWER, WHOLE = range(9)


def inside(part: Number | Truth, strength: int) -> str:
    """The part as an operand: in brackets where it would otherwise be read differently."""
    return part.text if part.strength >= strength else f"({part.text})"


def literal(value: Fraction, places: int = 12) -> Number:
    """A number as it is written in a formula; a negative one with its sign in front."""
    scaled = abs(value) * 10**places
    assert scaled.denominator == 1
    digits = str(scaled.numerator).zfill(places + 1)
    text = digits[: len(digits) - places] + ("." + digits[len(digits) - places :]).rstrip("0").rstrip(".")
    if value < 0:
        return Number(f"-{text}", SIGN, lambda row: value)
    return Number(text, WHOLE, lambda row: value)


class Maker:
    """Makes formulas over some names."""

    def __init__(self, dice: random.Random, names: list[str]) -> None:
        self.dice = dice
        self.names = names

    def number(self, depth: int) -> Number:
        dice = self.dice
        if depth <= 0 or dice.random() < 0.1:
            return self.leaf()
        shape = dice.choice(
            ["+", "-", "*", "/", "/", "min", "max", "abs", "round", "round", "if", "if", "case", "negative", "power",
             "whole", "ratio", "clamp", "sum", "avg", "median", "back", "sign"]
        )  # fmt: skip
        a = self.number(depth - 1)
        match shape:
            case "+":
                b = self.number(depth - 1)
                return Number(f"{inside(a, ADD)} + {inside(b, MULTIPLY)}", ADD, lambda row: a.value(row) + b.value(row))
            case "-":
                b = self.number(depth - 1)
                return Number(f"{inside(a, ADD)} - {inside(b, MULTIPLY)}", ADD, lambda row: a.value(row) - b.value(row))
            case "*":
                b = self.number(depth - 1)
                times = dice.choice(["*", "×"])
                text = f"{inside(a, MULTIPLY)} {times} {inside(b, SIGN)}"
                return Number(text, MULTIPLY, lambda row: a.value(row) * b.value(row))
            case "/":
                b = self.number(depth - 1)
                by = dice.choice(["/", "÷"])
                return Number(f"{inside(a, MULTIPLY)} {by} {inside(b, SIGN)}", MULTIPLY, lambda row: divided(a, b, row))
            case "back":
                # there and back again: the quotient must not have lost anything
                b = dice.choice([self.name(), literal(Fraction(dice.choice([3, 7, 9, 11, 13, 99])))])
                text = f"{inside(a, MULTIPLY)} / {inside(b, SIGN)} * {inside(b, SIGN)}"
                return Number(text, MULTIPLY, lambda row: divided(a, b, row) * b.value(row))
            case "min" | "max" | "sum" | "avg" | "median":
                return self.several(shape, [a] + [self.number(depth - 1) for _ in range(dice.randint(1, 3))])
            case "abs":
                return Number(f"abs({a.text})", WHOLE, lambda row: abs(a.value(row)))
            case "sign":
                return Number(f"sign({a.text})", WHOLE, lambda row: Fraction((a.value(row) > 0) - (a.value(row) < 0)))
            case "round":
                places, mode = dice.choice([-3, -1, 0, 1, 2, 2, 4, 6, 10]), dice.choice(MODES)
                return Number(
                    f"round({a.text}, {places}, {mode})", WHOLE, lambda row: rounded(a.value(row), places, mode)
                )
            case "whole":
                function, mode = dice.choice([("floor", "floor"), ("ceil", "ceil"), ("trunc", "down")])
                return Number(f"{function}({a.text})", WHOLE, lambda row: rounded(a.value(row), 0, mode))
            case "negative":
                return Number(f"-{inside(a, POWER + 1)}", SIGN, lambda row: -a.value(row))
            case "power":
                exponent = dice.choice([0, 1, 2, 2, 3])
                return Number(f"{inside(a, WHOLE)}^{exponent}", POWER, lambda row: a.value(row) ** exponent)
            case "ratio":
                b, zero = self.number(depth - 1), self.number(0)
                return Number(
                    f"ratio({a.text}, {b.text}, {zero.text})",
                    WHOLE,
                    lambda row: ratio(a, b, zero, row),
                )
            case "clamp":
                low, high = sorted(Fraction(dice.randint(-500, 500), 4) for _ in range(2))
                text = f"clamp({a.text}, {literal(low).text}, {literal(high).text})"
                return Number(text, WHOLE, lambda row: min(max(a.value(row), low), high))
            case "if":
                condition, b = self.truth(depth - 1), self.number(depth - 1)
                text = f"if({condition.text}, {a.text}, {b.text})"
                return Number(text, WHOLE, lambda row: a.value(row) if condition.value(row) else b.value(row))
            case "case":
                first, second = self.truth(depth - 1), self.truth(depth - 1)
                b, c = self.number(depth - 1), self.number(depth - 1)
                text = f"case when {first.text} then {a.text} when {second.text} then {b.text} else {c.text} end"
                return Number(
                    text,
                    WHOLE,
                    lambda row: (a if first.value(row) else b if second.value(row) else c).value(row),
                )
        raise AssertionError(shape)

    def several(self, function: str, parts: list[Number]) -> Number:
        def value(row: Row) -> Fraction:
            values = [part.value(row) for part in parts]
            match function:
                case "min":
                    return min(values)
                case "max":
                    return max(values)
                case "sum":
                    return sum(values, Fraction(0))
                case "avg":
                    return sum(values, Fraction(0)) / len(values)
            values.sort()
            return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2

        return Number(f"{function}({', '.join(part.text for part in parts)})", WHOLE, value)

    def leaf(self) -> Number:
        dice = self.dice
        if dice.random() < 0.65:
            return self.name()
        match dice.randrange(6):
            case 0:
                return literal(Fraction(dice.randint(0, 12)))
            case 1:
                return literal(Fraction(dice.randint(0, 10**7), 100))
            case 2:
                percent = dice.randint(0, 150)
                return Number(f"{percent}%", WHOLE, lambda row: Fraction(percent, 100))
            case 3:
                mille = dice.randint(0, 99)
                return Number(f"{mille}‰", WHOLE, lambda row: Fraction(mille, 1000))
            case 4:
                # 28 digits
                return literal(Fraction(dice.randint(1, 10**28 - 1), 10**20), 20)
        # a tie at some place
        return literal(Fraction(dice.randint(-10**6, 10**6) * 10 + 5, 10 ** dice.randint(1, 6)))

    def name(self) -> Number:
        name = self.dice.choice(self.names)
        return Number(name, WHOLE, lambda row: row[name])

    def truth(self, depth: int) -> Truth:
        dice = self.dice
        shape = dice.choice(["compare", "compare", "compare", "and", "or", "not", "chain", "between", "in", "edge"])
        if depth <= 0 and shape in ("and", "or", "not"):
            shape = "compare"
        match shape:
            case "and" | "or":
                a, b = self.truth(depth - 1), self.truth(depth - 1)
                if shape == "and":
                    text = f"{inside(a, AND)} {dice.choice(['and', '且'])} {inside(b, NOT)}"
                    return Truth(text, AND, lambda row: a.value(row) and b.value(row))
                text = f"{inside(a, OR)} {dice.choice(['or', '或'])} {inside(b, AND)}"
                return Truth(text, OR, lambda row: a.value(row) or b.value(row))
            case "not":
                a = self.truth(depth - 1)
                return Truth(f"not ({a.text})", NOT, lambda row: not a.value(row))
            case "edge":
                # the quotient brought back must meet its own dividend exactly
                a, by = self.name(), literal(Fraction(dice.choice([3, 6, 7, 9, 11, 12, 365])))
                operator = dice.choice([">=", "<=", "=", "<", ">", "!="])
                text = f"{a.text} / {by.text} * {by.text} {operator} {a.text}"
                # a cell that is not there has no quotient
                return Truth(text, COMPARE, lambda row: COMPARISONS[operator](a.value(row), a.value(row)))
        low, high, value = self.number(depth - 1), self.number(depth - 1), self.number(depth - 1)
        match shape:
            case "compare":
                sign = dice.choice(list(COMPARISONS))
                compare = COMPARISONS[sign]
                text = f"{inside(low, ADD)} {sign} {inside(high, ADD)}"
                return Truth(text, COMPARE, lambda row: compare(low.value(row), high.value(row)))
            case "chain":
                first, second = dice.choice(["<", "<="]), dice.choice(["<", "<="])
                text = f"{inside(low, ADD)} {first} {inside(value, ADD)} {second} {inside(high, ADD)}"

                def chained(row: Row) -> bool:
                    left = low.value(row)
                    middle = value.value(row)
                    if not COMPARISONS[first](left, middle):
                        return False
                    return COMPARISONS[second](middle, high.value(row))

                return Truth(text, COMPARE, chained)
            case "between":
                text = f"{inside(value, ADD)} between {inside(low, ADD)} and {inside(high, ADD)}"

                def between(row: Row) -> bool:
                    middle = value.value(row)
                    return low.value(row) <= middle and middle <= high.value(row)

                return Truth(text, COMPARE, between)
        list_ = [low, high]
        text = f"{inside(value, ADD)} in [{low.text}, {high.text}]"

        def one_of(row: Row) -> bool:
            wanted = value.value(row)
            return any(wanted == each.value(row) for each in list_)

        return Truth(text, COMPARE, one_of)


COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "≥": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "≠": lambda a, b: a != b,
    "<>": lambda a, b: a != b,
}


def divided(a: Number, b: Number, row: Row) -> Fraction:
    dividend = a.value(row)
    return dividend / b.value(row)


def ratio(a: Number, b: Number, zero: Number, row: Row) -> Fraction:
    # the divisor decides whether there is a division at all
    divisor = b.value(row)
    return a.value(row) / divisor if divisor else zero.value(row)


def fact(dice: random.Random) -> Fraction:
    """A cell: at most sixteen digits before the point and twelve after."""
    match dice.randrange(10):
        case 0:
            return Fraction(dice.choice([0, 0, 1, -1, 60, 80, 100]))
        case 1:
            return Fraction(dice.randint(-20, 20))
        case 2 | 3:
            return Fraction(dice.randint(-(10**9), 10**9), 100)
        case 4:
            return Fraction(dice.randint(1, 10**6), 10**4)
        case 5:
            # a tie
            return Fraction(dice.randint(-(10**5), 10**5) * 10 + 5, 10 ** dice.randint(1, 5))
        case 6:
            # a hair beside a tie
            return Fraction(dice.randint(0, 10**5) * 10 + 5, 1000) + Fraction(dice.choice([-1, 1]), 10**12)
        case 7:
            # every digit there is
            return Fraction(dice.randint(-(10**28) + 1, 10**28 - 1), 10**12)
        case 8:
            return Fraction(dice.randint(1, 10**15))
    return Fraction(dice.randint(-(10**13), 10**13), 10**12)


def near_tie(dice: random.Random, places: int) -> tuple[Fraction, Fraction]:
    """Dividend and divisor whose quotient lies on, or the least possible distance beside, a tie at so many places."""
    tie = Fraction(2 * dice.randint(-5000, 5000) + 1, 2 * 10**places)
    # the dividend must still be a cell of sixteen digits
    divisor = dice.randint(3, 10 ** dice.randint(1, 15 if abs(tie) < 9 else 12))
    dividend = round(tie * divisor) + dice.choice([-1, 0, 0, 0, 1])
    return Fraction(dividend), Fraction(divisor)
