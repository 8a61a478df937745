"""The examples through Python: their own worked cases, their people, and two of them against figures worked by hand."""

import json
from decimal import Decimal

import pandas
import polars
import pyarrow
import pytest
from conftest import ROOT, percent, read_csv, shown, told

from kaohe import Scheme

EXAMPLES = ROOT / "examples"
SCHEMES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/scheme*.yaml"))
#: Those with people and the figures they must come to: `scheme-X.yaml` has `staff-X.csv` and `expected-X.csv`.
PEOPLED = [name for name in SCHEMES if (EXAMPLES / name.replace("scheme", "expected").replace("yaml", "csv")).exists()]
#: The values of the run that the expected figures of an example are for.
GIVEN = {"public_pool/scheme.yaml": {"上期结转": "250.50"}}
#: The words of the expected tables for what is wrong with a cell.
CAUSES = {
    "missing": "K0901", "division_by_zero": "K0902", "out_of_range": "K0903", "not_whole": "K0904",
    "no_choice": "K0907", "weights": "K0917", "no_answer": "K0940", "no_mark": "K0941", "too_few": "K0942",
}  # fmt: skip
KINDS = {
    "rows": lambda rows: rows,
    "columns": lambda rows: {name: [row[name] for row in rows] for name in rows[0]},
    "pandas": pandas.DataFrame,
    "polars": polars.DataFrame,
    "arrow": pyarrow.Table.from_pylist,
}


def loaded(name):
    """The scheme of an example; all of every example is computed."""
    return Scheme.load(EXAMPLES / name)


def facts(path):
    """The rows of a file, absent where a cell is empty."""
    return [{name: percent(cell) or None for name, cell in row.items()} for row in read_csv(path)]


@pytest.mark.parametrize("name", SCHEMES)
def test_worked_cases(name):
    scheme = loaded(name)
    for result in scheme.run_cases():
        assert result.verdict == "passed", f"{result.name}: {result.differences}"
        assert result.figures > 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PEOPLED)
def test_people(name, kind):
    folder, which = (EXAMPLES / name).parent, name.rsplit("/scheme", 1)[1].removesuffix(".yaml")
    scheme = loaded(name)
    make = KINDS[kind]
    tables = {kind: {} for kind in ("details", "answers", "ratings")}
    for detail in scheme.details:
        tables[detail.kind][detail.name] = make(facts(folder / f"{detail.name}.csv"))
    given = {option: by_name for option, by_name in tables.items() if by_name}
    result = scheme.score(make(facts(folder / f"staff{which}.csv")), **given, given=GIVEN.get(name))
    frame = result.to_arrow().to_pydict()
    exact = {column.name for column in scheme.columns if column.kind == "number" and column.places is None}
    key = next(each.name for each in scheme.inputs if each.key)
    expected = read_csv(folder / f"expected{which}.csv")
    assert len(expected) == len(result)
    wrong = []
    for person in expected:
        row = frame[key].index(person[key])
        for column, want in person.items():
            if column in (key, "fault", "left_out"):
                continue
            found = frame[column][row]
            text = "" if found is None else shown(found.normalize() if column in exact else found)
            if text != want:
                wrong.append((person[key], column, want, text))
        own = [each for each in told(result) if each["key"] == person[key]]
        roots = [f"{each['column']}:{each['code']}" for each in own if not each["blocked_by"] and each["left_out"] is None]
        fault = person.get("fault", "")
        for word, code in CAUSES.items():
            fault = fault.replace(f": {word}", f":{code}")
        if " ".join(roots) != fault:
            wrong.append((person[key], "fault", fault, roots))
        left_out = sorted({each for problem in own for each in problem["left_out"] or ()})
        if " ".join(left_out) != person.get("left_out", ""):
            wrong.append((person[key], "left_out", person.get("left_out"), left_out))
    assert wrong == []


def worked(name):
    return json.loads((ROOT / "tests" / "cases" / "worked" / f"{name}.json").read_text(encoding="utf-8"))


def test_the_bank_by_hand():
    """The quarter of one person with his balances and entries, as it was worked out beforehand."""
    scheme, figures = loaded("bank_quarter/scheme.yaml"), worked("bank_quarter")
    inputs, expected = figures["inputs"], figures["expected"]
    row = {
        "工号": "001", "基数": inputs["base"], "增量计划": inputs["plan"], "应收利息": inputs["interest_due"],
        "实收利息": inputs["interest_collected"], "不良贷款": inputs["npl"], "贷款余额": inputs["loans"],
        "满意度": inputs["satisfaction"], "投诉次数": inputs["complaints"], "客户数": inputs["customers"],
        "流失率": inputs["churn"], "出勤天数": inputs["attended"], "应出勤": inputs["workdays"],
        "定性得分": expected["qualitative"],
    }  # fmt: skip
    names = {"corporate": "对公", "savings": "储蓄", "margin": "保证金"}
    balances, first = [], pandas.Timestamp("2026-07-01")
    for product, periods in inputs["balances"].items():
        start = first
        for days, balance in periods:
            end = start + pandas.Timedelta(days=days - 1)
            balances.append({"产品": names[product], "起": start, "止": end, "余额": balance})
            start = end + pandas.Timedelta(days=1)
    entries = [
        {"日期": "2026-08-01", "事由": reason, "分值": points} for reason, points in inputs["adjustments"].items()
    ]
    outcome = scheme.score_row(row, details={"存款": balances, "加减分事项": entries})
    assert outcome.is_complete and outcome.problems == []
    items = ["存款增量", "收息", "不良", "满意", "投诉", "流失", "出勤"]
    assert [str(outcome[name]) for name in items] == expected["points"]
    assert str(round(outcome["折算日均存款"], 2)) == expected["weighted_daily_average"]
    assert (str(outcome["定量得分"]), str(outcome["综合得分"])) == (expected["quantitative"], expected["composite"])
    assert outcome["等级"] == expected["grade"]
    assert str(round(outcome["计划完成率"] * 100, 4)) == expected["completion_percent"]
    veto = scheme.score_row(row | {"重大案件": True}, details={"存款": balances, "加减分事项": entries})
    assert [str(veto["综合得分"]), veto["等级"]] == expected["with_veto"]


def test_the_tobacco_company_by_hand():
    """Twelve people graded by quota and paid."""
    figures = worked("tobacco_grades")
    scheme = loaded("tobacco_grades/scheme.yaml")
    names = {
        "id": "工号", "exam": "考试", "results": "业绩", "review": "评议", "years": "任职年限", "contract": "合同制",
        "rural": "服务农村",
    }  # fmt: skip
    people = [dict(zip((names[name] for name in figures["columns"]), row, strict=True)) for row in figures["rows"]]
    for person in people:
        person |= {"姓名": None, "合同制": bool(person["合同制"]), "服务农村": bool(person["服务农村"])}
    result = scheme.score(people)
    assert result.is_complete
    levels = {"senior": "高级", "intermediate": "中级", "junior": "初级"}
    for person, want in zip(result.frame, figures["expected"]["rows"], strict=True):
        id_, score, level, seated, shifted, flat, _marginal, benefit, pay = want
        assert (person["工号"], str(person["综合得分"]), person["级别"]) == (id_, score, levels[level])
        assert (person["档次.seated"], person["档次"]) == (seated, shifted or seated)
        assert (str(person["工龄工资"]), str(person["效益工资"]), str(person["应发工资"])) == (flat, benefit, pay)
    seats = [sum(person["级别"] == level for person in result.frame) for level in levels.values()]
    assert seats == figures["expected"]["seats"]
    # the same rules over as many as the whole city has
    many = [people[at % 12] | {"工号": f"{at:03}"} for at in range(71)]
    counted = [person["级别"] for person in scheme.score(many).frame]
    assert [counted.count(level) for level in levels.values()] == figures["expected"]["seats_of_71"]["largest_remainder"]
    assert sum((person["应发工资"] for person in result.frame), Decimal(0)) == Decimal(figures["expected"]["total_pay"])
