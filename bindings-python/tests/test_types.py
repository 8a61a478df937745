"""The package is typed: its own code, its stub of the compiled part, and what a caller writes."""

import subprocess
import sys
from pathlib import Path

import kaohe

HERE = Path(__file__).resolve().parent

CALLER = '''
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_type

from kaohe import Detail, Diagnostic, Formula, Input, Outcome, Result, Scheme, SchemeError

scheme = Scheme.load("scheme.yaml")
outcome = scheme.score_row({"a": 1})
assert_type(outcome, Outcome)
assert_type(outcome["a"], Decimal | str | bool | date | None)
assert_type(outcome.given, dict[str, Decimal | str | bool | date | None])
assert_type(scheme.score([{"a": 1}], as_of=date(2026, 7, 1), threads=2), Result)
result = scheme.score([{"a": 1}], details={"d": [{"a": 1}]}, given={"g": 1}, progress=lambda done, total: None)
assert_type(result.as_of, date | None)
assert_type(scheme.details, tuple[Detail, ...])
assert_type(scheme.details[0].columns, tuple[Input, ...])
assert_type(outcome.problems[0].left_out, tuple[str, ...])
assert_type(Formula("a").evaluate({}), Decimal | str | bool | date | None)
assert_type(Formula("a").evaluate({}, exact=True), Fraction | str | bool | date | None)
assert_type(Scheme.check(""), list[Diagnostic])
try:
    Scheme.parse("")
except SchemeError as error:
    assert_type(error.diagnostics[0].line, int | None)
'''

WRONG = '''
from kaohe import Formula, Scheme

Scheme.load(5)
Formula("a").evaluate([1])
Scheme.parse("").score([], tables=1)
Scheme.parse("").score([], details=[])
Scheme.parse("").score_row({}, given="x")
'''


def mypy(*arguments):
    run = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *map(str, arguments)]
    return subprocess.run(run, capture_output=True, text=True, cwd=HERE.parent)


def test_the_package_is_typed():
    result = mypy(Path(kaohe.__file__).parent)
    assert result.stdout == "" and result.returncode == 0, result.stdout + result.stderr


def test_what_a_caller_writes(tmp_path):
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER)
    result = mypy(caller)
    assert result.stdout == "", result.stdout
    caller.write_text(WRONG)
    lines = {line.split(":")[1] for line in mypy(caller).stdout.splitlines() if ": error:" in line}
    assert lines == {"4", "5", "6", "7", "8"}


def test_the_stub_is_that_of_the_compiled_part():
    run = [sys.executable, "-m", "mypy.stubtest", "kaohe._kaohe", "--ignore-disjoint-bases"]
    result = subprocess.run(run, capture_output=True, text=True, cwd=HERE.parent)
    assert result.returncode == 0, result.stdout + result.stderr
