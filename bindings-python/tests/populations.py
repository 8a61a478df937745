"""Populations made up at random, with detail rows and groups, and what figures over them mean in fractions.

It shares no code with the library, and stands on `formulas.py`: what stands inside a figure is a random formula of it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from formulas import ADD, AND, COMPARE, WHOLE, Maker, Number, Truth, literal, rounded


class Fault(Exception):
    """A figure that has no value, and the code of why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Person:
    """One person: the cells that are there, and the detail rows by table."""

    cells: dict[str, Any]
    details: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A figure of a person, as it is written and what it comes to; absence is `None`."""

    text: str
    value: Callable[[Person], Fraction | None]


def answer(value: Callable[[], Any]) -> Any:
    """The value, or the code of its fault: a cell that is not there has a fault of its own, which blocks its readers."""
    try:
        return value()
    except ZeroDivisionError:
        return "K0902"
    except KeyError:
        return "K0920"
    except Fault as fault:
        return fault.code


# figures over detail rows


def over_rows(dice: random.Random, table: str, columns: list[str], of_person: list[str]) -> Figure:
    """A figure over the rows of a table; `columns` are its columns of numbers, `table.起` its dates."""
    maker = Maker(dice, [f"{table}.{name}" for name in columns] + of_person)
    function = dice.choice(["sum", "sum", "avg", "min", "max", "median", "count", "count_true", "last", "last"])
    condition = filter_ = default = None
    # a figure over rows names the table in any case
    anchor, clauses = f"{table}.{columns[0]}", ""
    inner = maker.number(dice.choice([0, 1, 1, 2]) if function in ("sum", "avg") else dice.choice([0, 0, 1]))
    value = Number(f"{inner.text} + {anchor} * 0", ADD, lambda row: inner.value(row) + row[anchor] * 0)
    match function:
        case "count":
            inside = table
        case "count_true":
            condition = about_the_row(maker, dice, table, columns)
            inside = condition.text
        case "sum" | "avg":
            # what is added up over rows is decimal
            value = decimal(dice, value)
            inside = value.text
        case _:
            inside = value.text
    if dice.random() < 0.5:
        filter_ = about_the_row(maker, dice, table, columns)
        clauses += f" where {filter_.text}"
    if function == "last":
        clauses += f" by {table}.起"
    if function not in ("sum", "count", "count_true") and dice.random() < 0.6:
        default = maker_of_person(dice, of_person)
        clauses += f" when_empty ({default.text})"

    def figure(person: Person) -> Fraction | None:
        counted = []
        for detail in person.details[table]:
            row = person.cells | {f"{table}.{name}": cell for name, cell in detail.items()}
            if filter_ is not None and not filter_.value(row):
                continue
            if function == "count" or condition is not None:
                counted += [(Fraction(1), None)] if condition is None or condition.value(row) else []
                continue
            cell = value.value(row)
            counted.append((cell, row[f"{table}.起"] if function == "last" else None))
        if function in ("count", "count_true"):
            return Fraction(len(counted))
        if not counted and function != "sum":
            if default is None:
                raise Fault("K0922")
            return default.value(person.cells)
        values = [cell for cell, _ in counted]
        match function:
            case "sum":
                return sum(values, Fraction(0))
            case "avg":
                return sum(values, Fraction(0)) / len(values)
            case "min":
                return min(values)
            case "max":
                return max(values)
            case "median":
                return median(values)
        latest = max(day for _, day in counted)
        last = {cell for cell, day in counted if day == latest}
        if len(last) > 1:
            raise Fault("K0923")
        return last.pop()

    return Figure(f"{function}({inside}{clauses})", figure)


def decimal(dice: random.Random, inner: Number) -> Number:
    """The same rounded, so that it can be added up over many."""
    places = dice.choice([0, 1, 2, 2, 4])
    return Number(f"round({inner.text}, {places})", WHOLE, lambda row: rounded(inner.value(row), places, "half_up"))


def about_the_row(maker: Maker, dice: random.Random, table: str, columns: list[str]) -> Truth:
    """A condition that reads the row in any case."""
    name, bound = f"{table}.{columns[-1]}", Fraction(dice.randint(-8, 8), 2)
    inner = maker.truth(1) if dice.random() < 0.5 else None
    text = f"{name} >= {literal(bound).text}"
    if inner is None:
        return Truth(text, COMPARE, lambda row: row[name] >= bound)
    return Truth(f"{text} and ({inner.text})", AND, lambda row: row[name] >= bound and inner.value(row))


def maker_of_person(dice: random.Random, names: list[str]) -> Number:
    return Maker(dice, names).number(dice.choice([0, 1]))


def median(values: list[Fraction]) -> Fraction:
    values = sorted(values)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


# figures over groups


@dataclass(frozen=True)
class OverGroup:
    """A figure over the group: what is written, and what it comes to for every person, with who was left out."""

    text: str
    values: Callable[[list[Person]], list[tuple[Fraction | str | None, frozenset[int]]]]


def root(value: Fraction, places: int = 12) -> Fraction:
    """The square root, correctly rounded; of whole numbers alone."""
    unit = 10**places
    scaled = value * unit * unit
    below = math.isqrt(scaled.numerator // scaled.denominator)
    # up when the root is at least half a unit above
    up = 4 * scaled >= (2 * below + 1) ** 2
    return Fraction(below + up, unit)


GROUP_FUNCTIONS = (
    "rank", "rank", "rank", "percentile", "percentile", "share", "cumulative_share", "group_sum", "group_avg",
    "group_count", "group_min", "group_max", "group_median", "group_stdev",
)  # fmt: skip


def over_group(dice: random.Random, names: list[str], keys: list[str]) -> OverGroup:
    """A figure over the group of a random formula of the person's cells."""
    maker = Maker(dice, names)
    function = dice.choice(GROUP_FUNCTIONS)
    operand = maker.number(dice.choice([0, 0, 1, 2]))
    if function in ("share", "cumulative_share", "group_sum", "group_avg", "group_stdev"):
        operand = decimal(dice, operand)
    filter_ = maker.truth(dice.choice([0, 1])) if dice.random() < 0.3 else None
    within = dice.sample(keys, dice.choice([0, 1, 1, 2]))
    direction, ties = dice.choice(["asc", "desc"]), dice.choice(["min", "max", "average", "dense"])
    kind = dice.choice(["rank", "weak", "strict", "mean"])
    inside, clauses = operand.text, ""
    match function:
        case "rank":
            clauses = f" {direction} ties {ties}"
        case "cumulative_share":
            clauses = f" {direction}"
        case "percentile":
            inside = f"{operand.text}, {kind}"
            direction = dice.choice(["asc", "desc"])
            clauses = f" {direction}"
        case "group_count" if filter_ is None and within:
            inside, operand = "", literal(Fraction(0))
    if filter_ is not None:
        clauses += f" where {filter_.text}"
    if within:
        clauses += f" within {within[0]}" if len(within) == 1 else f" within [{', '.join(within)}]"
    sign = -1 if direction == "desc" else 1

    def figure(values: list[Fraction], own: Fraction | None) -> Fraction | None:
        """What the group of these values says to one of them, or to somebody who does not count."""
        total, count = sum(values, Fraction(0)), len(values)
        match function:
            case "group_sum":
                return total
            case "group_count":
                return Fraction(count)
        if function.startswith("group_"):
            if not count:
                raise Fault("K0922")
            match function:
                case "group_avg":
                    return total / count
                case "group_min":
                    return min(values)
                case "group_max":
                    return max(values)
                case "group_median":
                    return median(values)
            return root(sum((each - total / count) ** 2 for each in values) / count)
        if own is None:
            return None
        below = sum(sign * each < sign * own for each in values)
        through = sum(sign * each <= sign * own for each in values)
        match function:
            case "rank":
                match ties:
                    case "min":
                        return Fraction(below + 1)
                    case "max":
                        return Fraction(through)
                    case "average":
                        return Fraction(below + 1 + through, 2)
                return Fraction(len({each for each in values if sign * each < sign * own}) + 1)
            case "percentile":
                part = {"rank": below + 1 + through, "weak": 2 * through, "strict": 2 * below, "mean": below + through}
                return Fraction(part[kind], 2 * count)
            case "share":
                return own / total
        return sum((each for each in values if sign * each <= sign * own), Fraction(0)) / total

    def of_all(people: list[Person]) -> list[tuple[Fraction | str | None, frozenset[int]]]:
        faults: dict[int, str] = {}
        values: dict[int, Fraction] = {}
        groups: dict[Any, list[Fraction]] = {}
        left_out: dict[Any, set[int]] = {}
        astray: set[int] = set()

        keys = [answer(lambda: tuple(person.cells[name] for name in within)) for person in people]
        for at, (person, key) in enumerate(zip(people, keys, strict=True)):
            counts = True if filter_ is None else answer(lambda: filter_.value(person.cells))
            own = answer(lambda: operand.value(person.cells)) if counts is True and key != "K0920" else None
            fault = next((found for found in (counts, key, own) if isinstance(found, str)), None)
            if fault is not None:
                faults[at] = fault
                # who does not count changes nothing, wherever he is; whose group is not known may be in any
                if counts is not False:
                    (astray if isinstance(key, str) else left_out.setdefault(key, set())).add(at)
            elif counts:
                values[at] = own
                groups.setdefault(key, []).append(own)
        figures: list[tuple[Fraction | str | None, frozenset[int]]] = []
        memory: dict[tuple[Any, Fraction | None], Fraction | str | None] = {}
        for at in range(len(people)):
            if at in faults:
                figures.append((faults[at], frozenset()))
                continue
            case = (keys[at], values.get(at))
            if case not in memory:
                memory[case] = answer(lambda: figure(groups.get(case[0], []), case[1]))
            known = not isinstance(memory[case], str)
            figures.append((memory[case], frozenset(left_out.get(keys[at], set()) | astray) if known else frozenset()))
        return figures

    return OverGroup(f"{function}({inside}{clauses})", of_all)
