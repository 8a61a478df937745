"""The expected figures of the examples are what their oracles work out, which know nothing of kaohe."""

import subprocess
import sys

import pytest
from conftest import ROOT

ORACLES = sorted((ROOT / "examples").glob("*/expected.py"))


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda path: path.parent.name)
def test_expected_figures_are_worked_out(oracle):
    done = subprocess.run([sys.executable, oracle, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_expected_table_has_an_oracle():
    tables = {path.parent for path in (ROOT / "examples").glob("*/expected*.csv")}
    assert tables - {oracle.parent for oracle in ORACLES} == {ROOT / "examples" / "public_pool"}
