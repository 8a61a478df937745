"""Writes the people of the workload and, by integer arithmetic of its own, what they must get.

    python generate.py SET ROWS FOLDER [--csv | --integers]

SET is `nat` (natural: 1 % of the targets are zero) or `edge` (every exact total lies half a cent below a threshold, so it
must be graded up). The same set and number of rows give the same people: the generator is seeded. Needs numpy.

FOLDER/staff.csv has an `id` (the row number), the columns of `scheme.yaml` as decimal text, and beside them the reference:
`total`, `tier` and `rank` (1, 2, 2, 4 by total within a branch), and `total_unrounded` and `tier_unrounded`, which are those
of `scheme-unrounded.yaml`. With --integers each column is instead a file of little-endian 64-bit integers: money in
cents, `satisf` in tenths, `total` in hundredths, `tier` 0 for the best, so that nothing has to be parsed.
"""

import argparse
import csv
from fractions import Fraction
from pathlib import Path

import numpy

MONEY = ["dep", "dep_tgt", "loan", "loan_tgt", "int_due", "int_col", "npl", "npl_lim"]
COLUMNS = [*MONEY, "cust", "cust_tgt", "compl", "satisf", "branch"]
PLACES = {**dict.fromkeys(MONEY, 2), "satisf": 1, "total": 2, "total_unrounded": 2}
THRESHOLDS = [95, 90, 85, 80, 75, 70, 65, 60, 0]
TIERS = [f"{level} {grade}" for level in ("senior", "middle", "junior") for grade in "ABC"]
YUAN_10_000 = 10_000_00  # in cents: targets are whole multiples of it


def rate(part, whole):
    """`part / whole` in ten-thousandths, half up; 0 where the whole is 0."""
    divisor = numpy.where(whole == 0, 1, whole)
    return numpy.where(whole == 0, 0, (part * 20000 + divisor) // (2 * divisor))


def exact_total(people):
    """The weighted total with rates of four places, before it is rounded, in ten-thousandths of a point."""
    p = people
    completion = lambda part, whole: numpy.clip(rate(part, whole), 0, 12000)  # noqa: E731
    collected, bad = rate(p["int_col"], p["int_due"]), rate(p["npl"], p["npl_lim"])
    bands = numpy.select([collected >= 9800, collected >= 9500, collected >= 9000, collected >= 8000], [100, 90, 75, 50], 0)
    interpolated = numpy.clip(100000 - (bad - 5000) * 8, 20000, 100000)
    return (
        20 * completion(p["dep"], p["dep_tgt"])
        + 15 * completion(p["loan"], p["loan_tgt"])
        + 10 * completion(p["cust"], p["cust_tgt"])
        + 10 * completion(p["dep"] + p["loan"], p["dep_tgt"] + p["loan_tgt"])
        + 15 * bands * 100
        + interpolated
        + 10 * numpy.maximum(0, 100 - 5 * p["compl"]) * 100
        + 10 * p["satisf"] * 10
    )


def tiers(total):
    """The tier of totals in hundredths, 0 for the best."""
    return numpy.select([total >= least * 100 for least in THRESHOLDS], range(9), 9).astype("int64")


def ranks(total, branch):
    """1, 2, 2, 4 by falling total within each branch."""
    order = numpy.lexsort((-total, branch))
    total, branch = total[order], branch[order]
    position = numpy.arange(len(order))
    new_branch = numpy.r_[True, branch[1:] != branch[:-1]]
    new_place = new_branch | numpy.r_[True, total[1:] != total[:-1]]
    branch_start = numpy.maximum.accumulate(numpy.where(new_branch, position, 0))
    place_start = numpy.maximum.accumulate(numpy.where(new_place, position, 0))
    found = numpy.empty(len(order), dtype="int64")
    found[order] = place_start - branch_start + 1
    return found


def unrounded_total(row):
    """The total of one person in hundredths, all of it in fractions, rounded once."""

    def ratio(part, whole):
        return Fraction(part, whole) if whole else Fraction(0)

    def completion(part, whole):
        return min(ratio(part, whole) * 100, 120)

    collected, bad = ratio(row["int_col"], row["int_due"]), ratio(row["npl"], row["npl_lim"])
    bands = [(Fraction(98, 100), 100), (Fraction(95, 100), 90), (Fraction(90, 100), 75), (Fraction(80, 100), 50)]
    points = (
        20 * completion(row["dep"], row["dep_tgt"])
        + 15 * completion(row["loan"], row["loan_tgt"])
        + 10 * completion(row["cust"], row["cust_tgt"])
        + 10 * completion(row["dep"] + row["loan"], row["dep_tgt"] + row["loan_tgt"])
        + 15 * next((score for least, score in bands if collected >= least), 0)
        + 10 * max(20, min(100, 100 - (bad - Fraction(1, 2)) * 80))
        + 10 * max(0, 100 - 5 * row["compl"])
        + row["satisf"]
    )
    return (2 * points.numerator + points.denominator) // (2 * points.denominator)


def natural(rows, random):
    """People as they are: targets spread over orders of magnitude, results around them."""

    def target(mean, spread):
        return numpy.maximum(1, numpy.round(numpy.exp(random.normal(mean, spread, rows)) / 1e4)).astype("i8") * YUAN_10_000

    def result(whole, mean, spread):
        return numpy.round(whole * numpy.clip(random.normal(mean, spread, rows), 0, None)).astype("i8")

    p = {}  # the order of the draws is part of the recipe
    p["dep_tgt"] = target(16.5, 0.8)
    p["dep"] = result(p["dep_tgt"], 0.92, 0.22)
    p["loan_tgt"] = target(16.2, 0.9)
    p["loan"] = result(p["loan_tgt"], 0.9, 0.25)
    p["int_due"] = numpy.round(numpy.exp(random.normal(13, 0.8, rows)) * 100).astype("i8")
    collected = numpy.round(p["int_due"] * numpy.clip(random.normal(0.95, 0.05, rows), 0, 1)).astype("i8")
    p["int_col"] = numpy.minimum(p["int_due"], collected)
    p["npl_lim"] = target(12.5, 0.6)
    p["npl"] = result(p["npl_lim"], 0.8, 0.4)
    p["cust_tgt"] = random.integers(10, 121, rows)
    p["cust"] = result(p["cust_tgt"], 0.95, 0.3)
    p["compl"] = random.poisson(1.5, rows)
    p["satisf"] = numpy.clip(numpy.round(random.normal(880, 70, rows)), 0, 1000).astype("i8")
    for column in ["dep_tgt", "loan_tgt", "cust_tgt", "npl_lim", "int_due"]:
        p[column][random.random(rows) < 0.01] = 0
    p["branch"] = random.integers(0, 200, rows)
    return {column: p[column].astype("i8") for column in COLUMNS}


def edge(rows, random):
    """People whose exact total lies half a cent below a threshold: it rounds up to the better tier."""
    found, count, draws = [], 0, 400_000
    while count < rows:
        p = {}
        whole = random.integers(10, 5000, draws) * YUAN_10_000
        deposits, loans = random.integers(5000, 12000, draws), random.integers(5000, 12000, draws)
        loans += (deposits + loans) % 2
        p["dep_tgt"], p["dep"] = whole, whole // 10000 * deposits
        p["loan_tgt"], p["loan"] = whole.copy(), whole // 10000 * loans
        whole = random.integers(1, 100, draws) * YUAN_10_000
        p["int_due"], p["int_col"] = whole, whole // 10000 * random.integers(7800, 10001, draws)
        whole = random.integers(1, 100, draws) * YUAN_10_000
        p["npl_lim"], p["npl"] = whole, whole // 10000 * random.integers(0, 16000, draws)
        p["cust_tgt"] = random.choice([10, 20, 25, 40, 50, 100], draws)
        p["cust"] = numpy.round(p["cust_tgt"] * random.uniform(0.5, 1.3, draws)).astype("i8")
        p["compl"] = random.poisson(1.5, draws)
        p["satisf"] = numpy.full(draws, 800)
        p["branch"] = random.integers(0, 200, draws)
        p = {column: p[column].astype("i8") for column in COLUMNS}
        wanted = random.choice(THRESHOLDS[:-1], draws) * 10000 - 50
        # a tenth of satisfaction is a hundred ten-thousandths of the total: move it onto the edge where that is possible
        off = wanted - exact_total(p)
        moved, possible = off // 100, (off % 100 == 0) & (numpy.abs(off // 100) <= 200)
        p["satisf"] = p["satisf"] + moved
        found.append({column: values[possible] for column, values in p.items()})
        count += int(possible.sum())
    people = {column: numpy.concatenate([part[column] for part in found])[:rows] for column in COLUMNS}
    assert ((exact_total(people) + 50) % 10000 == 0).all()
    return people


def people_of(name, rows):
    """The people of a set; the seeds are part of the recipe."""
    if name == "nat":
        return natural(rows, numpy.random.default_rng([20261122, rows]))
    if name == "edge":
        return edge(rows, numpy.random.default_rng(20261123))
    raise ValueError(f"no set `{name}`; there are nat and edge")


def decimal_text(scaled, places):
    """An integer at so many places as decimal text, by moving the point."""
    if places == 0:
        return str(scaled)
    digits = str(scaled).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}"


def write_integers(folder, people, total, tier, rank):
    for name, values in {**people, "total": total, "tier": tier, "rank": rank}.items():
        numpy.ascontiguousarray(values, dtype="<i8").tofile(folder / f"{name}.i64")


def write_csv(folder, people, total, tier, rank):
    columns = {name: values.tolist() for name, values in people.items()}
    total, tier, rank = total.tolist(), tier.tolist(), rank.tolist()
    with open(folder / "staff.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", *COLUMNS, "total", "tier", "rank", "total_unrounded", "tier_unrounded"])
        for row in range(len(total)):
            person = {name: columns[name][row] for name in COLUMNS}
            unrounded = unrounded_total(person)
            tier_unrounded = next(i for i, least in enumerate(THRESHOLDS) if unrounded >= least * 100)
            cells = [decimal_text(person[name], PLACES.get(name, 0)) for name in COLUMNS]
            answers = [decimal_text(total[row], 2), TIERS[tier[row]], rank[row]]
            out.writerow([row + 1, *cells, *answers, decimal_text(unrounded, 2), TIERS[tier_unrounded]])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("set", choices=["nat", "edge"])
    arguments.add_argument("rows", type=int)
    arguments.add_argument("folder", type=Path)
    form = arguments.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="staff.csv with the reference beside it (what happens unless told)")
    form.add_argument("--integers", action="store_true", help="one file of 64-bit integers for each column")
    given = arguments.parse_args()
    people = people_of(given.set, given.rows)
    total = (exact_total(people) + 50) // 100
    tier, rank = tiers(total), ranks(total, people["branch"])
    given.folder.mkdir(parents=True, exist_ok=True)
    (write_integers if given.integers else write_csv)(given.folder, people, total, tier, rank)
    print(f"{given.set}: {given.rows} people in {given.folder}")


if __name__ == "__main__":
    main()
