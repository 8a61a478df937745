"""The workload that speed is measured on: every total and tier must be the reference's, to the cent."""

import subprocess
import sys
from decimal import Decimal

import polars
import pytest
from conftest import ROOT, read_csv

from kaohe import Scheme

FOLDER = ROOT / "examples" / "workload"
ASIDE = ["total", "tier", "rank", "total_unrounded", "tier_unrounded"]


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    def make(which, rows):
        folder = tmp_path_factory.mktemp(which)
        subprocess.run([sys.executable, FOLDER / "generate.py", which, str(rows), folder, "--csv"], check=True)
        return folder / "staff.csv"

    return {"nat": make("nat", 1_000), "edge": make("edge", 100_000)}


@pytest.mark.parametrize(("name", "total", "tier"), [
    ("scheme.yaml", "total", "tier"), ("scheme-unrounded.yaml", "total_unrounded", "tier_unrounded"),
])  # fmt: skip
@pytest.mark.parametrize("which", ["nat", "edge"])
def test_no_difference(people, which, name, total, tier):
    scheme = Scheme.load(FOLDER / name)
    staff = polars.read_csv(people[which], infer_schema=False)
    result = scheme.score(staff.drop(ASIDE)).frame
    wrong = result.filter(
        (result["total"].cast(polars.String) != staff[total]) | (result["tier"] != staff[tier])
    )
    assert wrong.height == 0 and result["total"].null_count() == result["tier"].null_count() == 0
    assert result.height == staff.height


@pytest.mark.parametrize("name", ["scheme.yaml", "scheme-unrounded.yaml"])
def test_a_row_is_a_row_of_the_table(people, name):
    scheme = Scheme.load(FOLDER / name)
    staff = [{name: cell for name, cell in person.items() if name not in ASIDE} for person in read_csv(people["nat"])]
    frame = scheme.score(staff).frame
    assert [scheme.score_row(person).figures for person in staff] == frame
    # as floats, which mean their shortest text, and as integers where they are whole
    places = {"compl", "cust", "cust_tgt"}
    typed = [
        {name: cell if name in ("id", "branch") else int(cell) if name in places else float(cell)
         for name, cell in person.items()}
        for person in staff
    ]  # fmt: skip
    assert scheme.score(typed).frame == frame
    assert scheme.score(polars.DataFrame(typed)).frame.to_dicts() == scheme.score(polars.DataFrame(staff)).frame.to_dicts()
    assert all(type(row["total"]) is Decimal for row in frame)


