"""What the expected figures of the examples are worked out with: fractions, and nothing of kaohe.

Each example's `expected.py` says its regulation once more in plain Python and writes the tables it is held against.
This is the little they share, small enough to be checked by reading.
"""

import csv
import io
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path


def exact(text):
    """The number a text stands for: `3.6%` is 36/1000."""
    text = text.strip()
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def half_up(value, places):
    """Rounded half away from zero."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**places)


def decimal(value, places):
    """A number as text with just so many decimals."""
    scaled = int(half_up(value, places) * 10**places)
    digits = str(abs(scaled)).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if scaled < 0 else text


def shown(value, places=None):
    """A figure as kaohe writes it: rounded ones with their places, others with at most twelve and no needless zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        if places is not None:
            return decimal(value, places)
        text = decimal(value, 12).rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value)


class Unknown(Exception):
    """A figure that something reads has no value."""


class Sheet(dict):
    """What is known of one row: figures by name. A figure that could not be had is not in it, and `faults` says why."""

    def __init__(self, cells):
        super().__init__()
        self.cells, self.faults = cells, []

    def __missing__(self, name):
        raise Unknown(name)

    def text(self, *names):
        """Cells that are taken as they stand."""
        for name in names:
            self[name] = self.cells[name]

    def number(self, name, least=None, most=None, above=None, whole=False, default=Unknown):
        """A cell that is a number, within its limits; an empty one is `default`, and a fault without one."""
        text = self.cells.get(name, "").strip()
        if not text:
            if default is Unknown:
                self.faults.append(f"{name}: missing")
            else:
                self[name] = default
            return
        value = exact(text)
        if (least is not None and value < least) or (most is not None and value > most) or (above is not None and value <= above):
            self.faults.append(f"{name}: out_of_range")
        elif whole and value.denominator != 1:
            self.faults.append(f"{name}: not_whole")
        else:
            self[name] = value

    def truth(self, name, default=Unknown):
        """A cell that is 是 or 否."""
        text = self.cells.get(name, "").strip()
        if text:
            self[name] = {"是": True, "否": False, "1": True, "0": False, "true": True, "false": False}[text]
        elif default is Unknown:
            self.faults.append(f"{name}: missing")
        else:
            self[name] = default

    def choice(self, name, words, default=Unknown):
        """A cell that is one of some words."""
        text = self.cells.get(name, "").strip()
        if text in words:
            self[name] = text
        elif not text and default is not Unknown:
            self[name] = default
        else:
            self.faults.append(f"{name}: {'no_choice' if text else 'missing'}")

    def work(self, name, formula, places=None):
        """The figure a formula gives; none where it reads one that could not be had, a fault where it divides by zero."""
        try:
            value = formula()
        except Unknown:
            return
        except ZeroDivisionError:
            self.faults.append(f"{name}: division_by_zero")
            return
        self[name] = value if places is None or value is None else half_up(value, places)

    def has(self, *names):
        """Whether all of them could be had."""
        return all(name in self for name in names)


def line(points, x):
    """The value on straight lines through points (x, y); beyond the outermost it stays."""
    points = sorted((Fraction(a), Fraction(b)) for a, b in points)
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def seats(people, shares):
    """Whole seats by largest remainder; of equal remainders the better grade's comes first."""
    quotas = [people * share for share in shares]
    found = [quota.numerator // quota.denominator for quota in quotas]
    by_remainder = sorted(range(len(shares)), key=lambda at: (found[at] - quotas[at], at))
    for at in by_remainder[: people - sum(found)]:
        found[at] += 1
    return found


def table(path):
    """The rows of a CSV file."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    """A day of the calendar."""
    return date.fromisoformat(text.strip())


def days(first, last):
    """Days from one to the other, both counted."""
    return (last - first).days + 1


def lines(key, columns, sheets, faults=True):
    """A table of figures as text. `columns` gives the places of each; `None` is a figure that is not rounded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([key, *columns, *(["fault"] if faults else [])])
    for sheet in sheets:
        figures = [shown(sheet.get(name), places) for name, places in columns.items()]
        writer.writerow([sheet.cells[key], *figures, *([" ".join(sheet.faults)] if faults else [])])
    return out.getvalue()


def write(folder, tables):
    """Writes the tables into the folder, or with `--check` says which are not what they should be."""
    wrong = []
    for name, text in tables.items():
        path = Path(folder) / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8", newline="")
        elif not path.exists() or path.read_bytes() != text.encode():
            wrong.append(str(path))
    if wrong:
        sys.exit(f"not what is worked out: {', '.join(wrong)}")
