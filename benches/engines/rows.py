"""Times one person after the other in Python: `score_row` of a dictionary beside the compiled expressions of zen-engine.

    python rows.py [--rows N] [--rounds N]

Both are given dictionaries of Python numbers and answer with the total and the tier. All answers are checked first, of
natural people and of those half a cent below a threshold, against integer arithmetic. Then the ways take turns, and the
median of their rounds counts. One thread on one processor.
"""

import argparse
import os
import statistics
import time
from decimal import Decimal
from importlib.metadata import version

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy  # noqa: E402
import zen  # noqa: E402

import kaohe  # noqa: E402
from workload import FACTS, PLACES, TIERS, floats, generate, people, scheme, wanted  # noqa: E402


def settings():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=9)
    return parser.parse_args()


# -- the same formulas, as zen writes them --


def rate(part, whole):
    return f"(({whole}) == 0 ? 0 : round(({part}) / ({whole}), 4))"


def completion(part, whole):
    return f"max([0, min([120, {rate(part, whole)} * 100])])"


def total(collected, bad):
    return (
        f"round((20 * {completion('dep', 'dep_tgt')} + 15 * {completion('loan', 'loan_tgt')}"
        f" + 10 * {completion('cust', 'cust_tgt')} + 10 * {completion('dep + loan', 'dep_tgt + loan_tgt')}"
        f" + 15 * ({collected} >= 0.98 ? 100 : {collected} >= 0.95 ? 90 : {collected} >= 0.9 ? 75"
        f" : {collected} >= 0.8 ? 50 : 0) + 10 * max([20, min([100, 100 - ({bad} - 0.5) * 80])])"
        " + 10 * max([0, 100 - 5 * compl]) + 10 * satisf) / 100, 2)"
    )


def tier():
    tiers = [f"total >= {least} ? '{word}' : " for least, word in zip(generate.THRESHOLDS[:-1], TIERS)]
    return "".join(tiers) + f"'{TIERS[-1]}'"


def zen_ways():
    collected, bad = rate("int_col", "int_due"), rate("npl", "npl_lim")
    assigned = f"collected = {collected}; bad = {bad}; total = {total('collected', 'bad')}; tier = {tier()}"
    program = zen.compile_expression(assigned)
    of_total, of_tier = zen.compile_expression(total(collected, bad)), zen.compile_expression(tier())

    def one(row):
        found = program.evaluate(row)
        return found["total"], found["tier"]

    def two(row):
        found = of_total.evaluate(row)
        return found, of_tier.evaluate({"total": found})

    return one, two


# -- rows --


def plain(found):
    """Rows of Python's own numbers: floats, and whole ones where the fact has no decimals."""
    columns = {name: (values if name in PLACES else found[name]).tolist() for name, values in floats(found).items()}
    return [dict(zip(FACTS, row)) for row in zip(*columns.values())]


def exact(rows):
    """The same rows with decimals in place of the floats."""
    return [{k: Decimal(repr(v)) if isinstance(v, float) else v for k, v in row.items()} for row in rows]


def named(rows, found):
    """The same rows with a key and a branch, which kaohe's scheme has."""
    branches = found["branch"].tolist()
    return [{"id": str(at), "branch": str(branch), **row} for at, (row, branch) in enumerate(zip(rows, branches))]


def ways():
    """Each way with its name, what it does with a row, and its rows of some people."""
    core = kaohe.Scheme.parse(scheme())
    one, two = zen_ways()

    def kaohe_row(row):
        found = core.score_row(row)
        return found["total"], found["tier"]

    engine = f"zen-engine {version('zen-engine')}"
    return [
        (f"{engine}, compiled, one expression", one, plain),
        (f"{engine}, compiled, two expressions", two, plain),
        ("kaohe score_row(dict), floats", kaohe_row, lambda found: named(plain(found), found)),
        ("kaohe score_row(dict), Decimals", kaohe_row, lambda found: named(exact(plain(found)), found)),
    ]


def wrong(answer, rows, reference):
    """How many totals and how many tiers are not the reference's."""
    totals, tiers = 0, 0
    for row, units, place in zip(rows, reference["total"].tolist(), reference["tier"].tolist()):
        found, word = answer(row)
        # a float of two decimals is that decimal: zen computes in decimals, and only hands over a float
        totals += Decimal(str(found)).scaleb(2) != units
        tiers += word != TIERS[place]
    return totals, tiers


def main():
    given = settings()
    natural, reference = people(given.rows)
    edge = generate.edge(given.rows, numpy.random.default_rng(20261123))
    found = ways()
    checked, rows = {}, {}
    for name, answer, made in found:
        rows[name] = made(natural)
        of_both = [wrong(answer, rows[name], reference), wrong(answer, made(edge), wanted(edge))]
        checked[name] = " / ".join(str(sum(each)) for each in zip(*of_both))
    times = {name: [] for name, *_ in found}
    for _ in range(given.rounds):
        for name, answer, _ in found:
            start = time.perf_counter()
            for row in rows[name]:
                answer(row)
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(each) for name, each in times.items()}
    quickest = min(median for name, median in medians.items() if name.startswith("zen"))
    print(f"{given.rows:,} rows one after the other, median of {given.rounds} interleaved rounds.")
    print()
    print("| a dictionary to its total and tier | rows/s | ns a row | × quickest zen | totals / tiers off |")
    print("|---|---|---|---|---|")
    for name, median in medians.items():
        rate, each = given.rows / median, median * 1e9 / given.rows
        print(f"| {name} | {rate:,.0f} | {each:,.0f} | {quickest / median:.2f} | {checked[name]} |")


if __name__ == "__main__":
    main()
