"""Times the workload in kaohe's Python package beside what a data scientist would use instead.

    python compare.py [--rows N] [--rounds N] [--threads N] [--out FILE]

Every engine starts from its own kind of table and ends in one with the total and the tier (and the rank). What it found
is checked first, against integer arithmetic: how many totals are off, how many tiers. Then the engines take turns, and the
median of their rounds counts. One thread on one processor unless --threads says otherwise.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path


def settings():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


SETTINGS = settings()
if SETTINGS.threads == 1 and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
# read when polars is imported
os.environ["POLARS_MAX_THREADS"] = str(SETTINGS.threads)

import duckdb  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
import polars  # noqa: E402
import pyarrow  # noqa: E402

import kaohe  # noqa: E402
from workload import EXAMPLE, FACTS, PLACES, TIERS, floats, generate, people, scheme  # noqa: E402

BANDS = [(0.98, 100), (0.95, 90), (0.90, 75), (0.80, 50)]


def decimals(found):
    """Arrow columns of decimals: 16 bytes each, of which the upper 8 are the sign."""
    columns = {}
    for name in FACTS:
        places = PLACES.get(name, 0)
        if not places:
            columns[name] = pyarrow.array(found[name].astype("i8"))
            continue
        pairs = numpy.empty((len(found[name]), 2), dtype="i8")
        pairs[:, 0] = found[name]
        pairs[:, 1] = found[name] >> 63
        buffer = pyarrow.py_buffer(pairs)
        columns[name] = pyarrow.Array.from_buffers(pyarrow.decimal128(18, places), len(pairs), [None, buffer])
    return columns


def named(columns, branch):
    """The same columns with keys and branches as text, as a staff table has them."""
    ids = pyarrow.array(numpy.char.zfill(numpy.arange(len(branch)).astype("U7"), 7))
    branches = pyarrow.array(branch.astype("U3")).dictionary_encode()
    return pyarrow.table({"id": ids, "branch": branches, **columns})


# -- kaohe --


def kaohe_ways(found):
    text, unrounded = scheme(), scheme("scheme-unrounded.yaml")
    ranked = text.replace("\nscores:\n", "\n  place: rank(total desc ties min within branch)\n\nscores:\n")
    units = (
        text.replace("places: 2, min", "whole: true, min")
        .replace("places: 1, min: 0, max: 100 }", "whole: true, min: 0, max: 1000 }")
        .replace("formula: satisf }", "formula: satisf / 10 }")
    )
    plain, exact, place, whole = (kaohe.Scheme.parse(each) for each in (text, unrounded, ranked, units))
    threads = SETTINGS.threads
    decimal_table = named(decimals(found), found["branch"])
    integer_table = named({name: pyarrow.array(found[name].astype("i8")) for name in FACTS}, found["branch"])
    float_frame = polars.from_arrow(named({k: pyarrow.array(v) for k, v in floats(found).items()}, found["branch"]))
    two, three = ["total", "tier"], ["total", "tier", "place"]

    def score(scheme, frame, columns):
        return lambda: scheme.score(frame, columns=columns, threads=threads).frame

    return [
        ("kaohe, Arrow decimal128", score(plain, decimal_table, two)),
        ("kaohe, Arrow int64", score(whole, integer_table, two)),
        ("kaohe, polars float64", score(plain, float_frame, two)),
        ("kaohe, Arrow decimal128, unrounded", score(exact, decimal_table, two)),
        ("kaohe, Arrow decimal128, with rank", score(place, decimal_table, three)),
    ]


def of_kaohe(frame):
    table = frame.to_arrow() if hasattr(frame, "to_arrow") else frame
    total = [int(value.scaleb(2)) for value in table["total"].to_pylist()]
    tier = [TIERS.index(word) for word in table["tier"].to_pylist()]
    rank = [int(value) for value in table["place"].to_pylist()] if "place" in table.column_names else None
    return numpy.array(total), numpy.array(tier), rank


# -- polars --


def polars_ways(found):
    branch = polars.Series("branch", found["branch"].astype("i4"))
    as_floats = polars.DataFrame(floats(found)).with_columns(branch)
    as_decimals = polars.from_arrow(pyarrow.table(decimals(found))).with_columns(branch)
    col, when, lit = polars.col, polars.when, polars.lit

    def total(rate, number):
        completion = lambda name: (col(name) * number(100)).clip(number(0), number(120))  # noqa: E731
        bands = lit(number(0))
        for least, score in reversed(BANDS):
            bands = when(col("r_int") >= number(least)).then(lit(number(score))).otherwise(bands)
        line = (number(100) - (col("r_npl") - number(0.5)) * number(80)).clip(number(20), number(100))
        rates = {
            "r_dep": rate(col("dep"), col("dep_tgt")),
            "r_loan": rate(col("loan"), col("loan_tgt")),
            "r_cust": rate(col("cust"), col("cust_tgt")),
            "r_vol": rate(col("dep") + col("loan"), col("dep_tgt") + col("loan_tgt")),
            "r_int": rate(col("int_col"), col("int_due")),
            "r_npl": rate(col("npl"), col("npl_lim")),
        }
        weighted = (
            completion("r_dep") * number(20)
            + completion("r_loan") * number(15)
            + completion("r_cust") * number(10)
            + completion("r_vol") * number(10)
            + bands * number(15)
            + line * number(10)
            + (number(100) - col("compl") * number(5)).clip(number(0), number(100)) * number(10)
            + col("satisf") * number(10)
        )
        return rates, weighted

    def tier():
        word = lit(8, dtype=polars.Int32)
        for at, least in reversed(list(enumerate(generate.THRESHOLDS[:-1]))):
            word = when(col("total") >= least).then(lit(at, dtype=polars.Int32)).otherwise(word)
        return word

    def of_floats(ranked):
        def rate(part, whole):
            return when(whole == 0).then(0.0).otherwise((part / whole).round(4, mode="half_away_from_zero"))

        rates, weighted = total(rate, float)
        frame = as_floats.lazy().with_columns(**rates).select(
            col("branch"), total=(weighted / 100).round(2, mode="half_away_from_zero")
        )
        frame = frame.with_columns(tier=tier())
        if ranked:
            frame = frame.with_columns(rank=col("total").rank("min", descending=True).over("branch"))
        return frame.collect()

    def of_decimals(ranked):
        # a quotient has the decimals of its dividend, so that it is given more before
        wide = polars.Decimal(38, 10)

        def rate(part, whole):
            quotient = part.cast(wide) / whole.cast(wide)
            return when(whole == 0).then(lit(0).cast(polars.Decimal(38, 4))).otherwise(quotient.round(4))

        from decimal import Decimal

        rates, weighted = total(rate, lambda value: Decimal(str(value)))
        frame = as_decimals.lazy().with_columns(**rates).select(
            col("branch"), total=(weighted * Decimal("0.01")).round(2)
        )
        frame = frame.with_columns(tier=tier())
        if ranked:
            frame = frame.with_columns(rank=col("total").rank("min", descending=True).over("branch"))
        return frame.collect()

    return [
        ("polars float64", lambda: of_floats(False)),
        ("polars float64, with rank", lambda: of_floats(True)),
        ("polars Decimal", lambda: of_decimals(False)),
    ]


def of_polars(frame):
    total = numpy.round(frame["total"].cast(polars.Float64).to_numpy() * 100).astype("i8")
    rank = frame["rank"].to_list() if "rank" in frame.columns else None
    return total, frame["tier"].to_numpy(), rank


# -- DuckDB --


def duckdb_ways(found):
    connection = duckdb.connect()
    connection.execute(f"SET threads = {SETTINGS.threads}")
    table = pyarrow.table({**decimals(found), "branch": pyarrow.array(found["branch"].astype("i4"))})
    connection.register("staged", table)
    connection.execute("CREATE TABLE people AS SELECT * FROM staged")

    def rate(part, whole, scale):
        # a division of decimals is one of floats there, so that the quotient is one of integers
        part, whole = f"CAST(({part}) * {scale} AS BIGINT)", f"CAST(({whole}) * {scale} AS BIGINT)"
        divided = f"(({part} * 20000 + {whole}) // (2 * {whole}))"
        return f"CASE WHEN {whole} = 0 THEN 0 ELSE CAST({divided} AS DECIMAL(18, 0)) * 0.0001 END"

    rates = ", ".join(
        f"CAST({rate(part, whole, scale)} AS DECIMAL(18, 4)) AS {name}"
        for name, part, whole, scale in [
            ("r_dep", "dep", "dep_tgt", 100),
            ("r_loan", "loan", "loan_tgt", 100),
            ("r_cust", "cust", "cust_tgt", 1),
            ("r_vol", "dep + loan", "dep_tgt + loan_tgt", 100),
            ("r_int", "int_col", "int_due", 100),
            ("r_npl", "npl", "npl_lim", 100),
        ]
    )
    completion = lambda name: f"least(greatest({name} * 100, 0), 120)"  # noqa: E731
    bands = "CASE " + " ".join(f"WHEN r_int >= {least} THEN {score}" for least, score in BANDS) + " ELSE 0 END"
    weighted = (
        f"{completion('r_dep')} * 20 + {completion('r_loan')} * 15 + {completion('r_cust')} * 10"
        f" + {completion('r_vol')} * 10 + {bands} * 15"
        " + least(greatest(100 - (r_npl - 0.5) * 80, 20), 100) * 10"
        " + greatest(0, 100 - 5 * compl) * 10 + satisf * 10"
    )
    tiers = "CASE " + " ".join(
        f"WHEN total >= {least} THEN {at}" for at, least in enumerate(generate.THRESHOLDS[:-1])
    )
    query = (
        f"WITH rates AS (SELECT *, {rates} FROM people), totals AS (SELECT branch, "
        f"round(CAST(({weighted}) * 0.01 AS DECIMAL(18, 8)), 2) AS total FROM rates) "
        f"SELECT total, {tiers} ELSE 8 END AS tier{{rank}} FROM totals"
    )
    rank = ", rank() OVER (PARTITION BY branch ORDER BY total DESC) AS rank, branch"
    return [
        ("DuckDB DECIMAL", lambda: connection.sql(query.format(rank="")).to_arrow_table()),
        ("DuckDB DECIMAL, with rank", lambda: connection.sql(query.format(rank=rank)).to_arrow_table()),
    ]


def of_duckdb(table):
    total = numpy.array([int(value.scaleb(2)) for value in table["total"].to_pylist()])
    # the rows of a window come out in another order: its ranks are not compared row by row
    return total, table["tier"].to_numpy(), None


# -- pandas --


def pandas_ways(found):
    frame = pandas.DataFrame(floats(found))

    def score():
        def rate(part, whole):
            with numpy.errstate(divide="ignore", invalid="ignore"):
                return numpy.where(whole == 0, 0.0, numpy.floor(part / whole * 1e4 + 0.5) / 1e4)

        f = frame
        collected, bad = rate(f.int_col, f.int_due), rate(f.npl, f.npl_lim)
        completion = lambda part, whole: numpy.clip(rate(part, whole) * 100, 0, 120)  # noqa: E731
        bands = numpy.select([collected >= least for least, _ in BANDS], [score for _, score in BANDS], 0)
        total = (
            20 * completion(f.dep, f.dep_tgt)
            + 15 * completion(f.loan, f.loan_tgt)
            + 10 * completion(f.cust, f.cust_tgt)
            + 10 * completion(f.dep + f.loan, f.dep_tgt + f.loan_tgt)
            + 15 * bands
            + 10 * numpy.clip(100 - (bad - 0.5) * 80, 20, 100)
            + 10 * numpy.maximum(0, 100 - 5 * f["compl"])
            + 10 * f.satisf
        ) / 100
        total = numpy.floor(total * 100 + 0.5) / 100
        tier = numpy.select([total >= least for least in generate.THRESHOLDS], range(9), 9)
        return pandas.DataFrame({"total": total, "tier": tier})

    return [("pandas float64", score)]


def of_pandas(frame):
    return numpy.round(frame["total"].to_numpy() * 100).astype("i8"), frame["tier"].to_numpy(), None


def wrong(found, wanted, by_row):
    total, tier, rank = found
    if not by_row:
        total, wanted_total = numpy.sort(total), numpy.sort(wanted["total"])
        tier, wanted_tier = numpy.sort(tier), numpy.sort(wanted["tier"])
    else:
        wanted_total, wanted_tier = wanted["total"], wanted["tier"]
    off = int((total != wanted_total).sum())
    graded = int((tier != wanted_tier).sum())
    ranked = "" if rank is None else f", {int((numpy.array(rank) != wanted['rank']).sum())} ranks"
    return f"{off} / {graded}{ranked}"


def main():
    found, wanted = people(SETTINGS.rows)
    exact = (EXAMPLE / "scheme-unrounded.yaml").exists()
    ways = []
    for make, read in [
        (kaohe_ways, of_kaohe),
        (polars_ways, of_polars),
        (duckdb_ways, of_duckdb),
        (pandas_ways, of_pandas),
    ]:
        ways.extend((name, run, read) for name, run in make(found))
    checked = {}
    for name, run, read in ways:
        if "unrounded" in name:
            # its reference is one of fractions, row by row: the Rust bench and the tests check it
            checked[name] = "–" if exact else ""
        else:
            checked[name] = wrong(read(run()), wanted, by_row="DuckDB" not in name or "rank" not in name)
        print(f"checked {name}: {checked[name]}", file=sys.stderr)
    times = {name: [] for name, _, _ in ways}
    for _ in range(SETTINGS.rounds):
        for name, run, _ in ways:
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    lines = [
        f"{SETTINGS.rows:,} rows, {SETTINGS.threads} thread(s), median of {SETTINGS.rounds} interleaved rounds.",
        "",
        "| frame to frame | M rows/s | ns a row | totals / tiers off |",
        "|---|---|---|---|",
    ]
    for name, _, _ in ways:
        median = statistics.median(times[name])
        rate, each = SETTINGS.rows / median / 1e6, median * 1e9 / SETTINGS.rows
        lines.append(f"| {name} | {rate:.2f} | {each:.0f} | {checked[name]} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if SETTINGS.out:
        SETTINGS.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
