"""The example of the README runs as it stands."""

from decimal import Decimal
from pathlib import Path

import polars


def test_the_example_runs():
    text = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
    example = text.split("```python")[1].split("```")[0]
    names = {"frame": polars.DataFrame({"工号": ["007"], "日均存款": ["862.5"], "存款任务": [1000]})}
    exec(compile(example, "README.md", "exec"), names)
    assert names["outcome"]["得分"] == Decimal("86.25")
    assert names["scheme"].score(names["frame"]).frame["得分"].to_list() == [Decimal("86.25")]
    assert names["result"].frame["名次"] == [Decimal(2), Decimal(1)] and names["result"].is_complete
    assert names["result"].given == {"上期结转": Decimal("0.5")}
