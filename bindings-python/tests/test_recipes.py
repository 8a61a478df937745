"""The recipes of `docs/tables.md` run as they stand, where what they need is installed."""

import re

import pyarrow
import pyarrow.parquet
import pytest
from conftest import ROOT

from kaohe import Scheme

RULES = """
kaohe: 1
scheme: 例
inputs: { 工号: { type: text, key: true }, 得分: { type: number } }
grades: { 等级: { ladder: [优, 差], thresholds: { of: 得分, at_least: [[60, 优]], else: 差 } } }
"""


@pytest.mark.parametrize("name", ["batches", "duckdb", "datafusion"])
def test_the_recipe_runs(name, tmp_path, monkeypatch, capsys):
    if name != "batches":
        pytest.importorskip(name)
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    recipe = re.search(rf"<!-- test: {name} -->\n```python\n(.*?)```", text, re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    keys = [str(at) for at in range(1000)]
    scores = [None if at == 7 else at % 100 for at in range(1000)]
    pyarrow.parquet.write_table(pyarrow.table({"工号": keys, "得分": scores}), "people.parquet")
    scheme = Scheme.parse(RULES)
    names = {"scheme": scheme}
    exec(compile(recipe, "tables.md", "exec"), names)
    if name != "datafusion":
        found = pyarrow.parquet.read_table("figures.parquet")
        assert found.column("工号").to_pylist() == keys and found.column("等级").to_pylist()[:8] == ["差"] * 7 + [None]
    shown = capsys.readouterr().out
    assert "8 7 得分" in shown if name == "batches" else "400" in shown and "599" in shown
