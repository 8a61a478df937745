"""A frame says what its rows say: random schemes and people, by rows and as frames, and not one difference is allowed."""

import os
import random
from decimal import Decimal

import pyarrow
from conftest import told
from formulas import Maker
from populations import over_group
from test_arrow import FORMS
from test_populations import NAMES, SCHEME, parsed, person

#: How many times the ordinary run's work the long run does.
TIMES = 20 if os.environ.get("KAOHE_LONG") else 1
TYPES = {
    "k": pyarrow.string(), "g": pyarrow.string(), "h": pyarrow.string(), "x": pyarrow.decimal128(9, 2),
    "y": pyarrow.decimal128(9, 3),
}  # fmt: skip


def made(dice):
    """A random scheme: formulas, their roundings, a figure over a group, and what reads it."""
    text = SCHEME + "computed:\n"
    for at in range(dice.randrange(1, 5)):
        maker = Maker(dice, NAMES)
        places = dice.choice([None, 0, 2, 4])
        formula = maker.number(dice.choice([1, 2, 3])).text
        text += f"  c{at}: {{ formula: {quoted(formula)}{'' if places is None else f', round: {places}'} }}\n"
    if dice.random() < 0.5:
        text += f"  z: {{ formula: {quoted(over_group(dice, NAMES, ['g', 'h']).text)} }}\n  zz: z + 1\n"
    text += f"  t: {{ formula: {quoted(Maker(dice, NAMES).truth(2).text)} }}\n  w: h\n"
    return text


def quoted(formula):
    return '"' + formula.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_random_schemes():
    schemes, wrong = 0, []
    for seed in range(150 * TIMES):
        dice = random.Random(f"columns {seed}")
        text = made(dice)
        scheme = parsed(text)
        if scheme is None:
            continue
        schemes += 1
        people = [person(dice, at, dice.choice([0, 0.1])).cells for at in range(dice.choice([1, 2, 30, 200]))]
        rows = [
            {name: decimal(cells[name]) if name in NAMES and name in cells else cells.get(name) for name in TYPES}
            for cells in people
        ]
        by_rows = scheme.score(rows)
        wanted, problems = by_rows.frame, lines(by_rows)
        table = pyarrow.table(
            {name: pyarrow.array([row[name] for row in rows], type_) for name, type_ in TYPES.items()}
        )
        for form in dice.sample(sorted(FORMS), 3):
            found = scheme.score(FORMS[form](table, dice), threads=dice.choice([1, 2]))
            if found.to_arrow().to_pylist() != wanted or lines(found) != problems:
                wrong.append((seed, form, text))
        scored = scheme.score_batches(table.to_reader(max_chunksize=dice.choice([1, 7, 500])))
        batches = list(scored)
        if [row for batch in batches for row in batch.to_pylist()] != wanted or listed(scored.errors) != problems:
            wrong.append((seed, "batches", text))
    assert schemes > 100 * TIMES
    assert not wrong, wrong[0]


def lines(result):
    return listed(told(result))


def listed(errors):
    """The lines of errors; who is left out is a tuple in some tables and a list in others."""
    return [
        {**line, "left_out": None if line["left_out"] is None else list(line["left_out"])} for line in errors
    ]


def decimal(value):
    return Decimal(value.numerator) / Decimal(value.denominator)
