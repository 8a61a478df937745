"""Runs: detail rows and values of the run, who is left out of a group, threads, progress and interruption."""

import _thread
import datetime
import threading
from decimal import Decimal

import polars
import pyarrow
import pytest
from test_frames import KINDS, TYPE

from kaohe import DataError, Detail, Scheme

BRANCHES = """
kaohe: 1
scheme: 明细与排名
edition: 2026Q3
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
inputs:
  工号: { type: text, key: true, header: [员工编号] }
  网点: { type: text }
  得分: { type: number, places: 2 }
given:
  上期结转: { type: number, unit: 万元 }
  口径: { type: text, missing: 常规 }
  截止: { type: date, missing: allow }
details:
  存款:
    key: 工号
    unique: [账号]
    columns:
      账号: { type: text }
      产品: { type: choice, values: [对公, 储蓄] }
      余额: { type: number, unit: 万元, places: 2 }
      起:   { type: date }
    computed:
      折算: { formula: "if(产品 = “对公”, 余额, 余额 * 1.1)", round: 1 }
  网点指标:
    key: 网点
    columns:
      利润: { type: number, unit: 万元, header: [利润（万元）] }
computed:
  合计: { formula: sum(存款.余额) + 上期结转, round: 2 }
  折算合计: sum(存款.折算)
  对公: sum(存款.余额 where 存款.产品 = “对公”)
  最新: last(存款.余额 by 存款.起 when_empty missing)
  笔数: count(存款)
  网点利润: sum(网点指标.利润)
  名次: rank(得分 desc ties min within 网点)
  网点均分: group_avg(得分 within 网点)
"""

PEOPLE = [
    {"工号": "001", "网点": "东", "得分": "90"},
    {"工号": "002", "网点": "东", "得分": "95.5"},
    {"工号": "003", "网点": "东", "得分": "90"},
    {"工号": "004", "网点": "西", "得分": "70"},
]
DEPOSITS = [
    {"工号": "002", "账号": "a", "产品": "对公", "余额": "0.10", "起": "2026-07-01"},
    {"工号": "001", "账号": "a", "产品": "储蓄", "余额": "12.50", "起": "2026-07-01"},
    {"工号": "002", "账号": "b", "产品": "储蓄", "余额": "0.25", "起": "2026-08-15"},
    {"工号": "004", "账号": "a", "产品": "对公", "余额": "-3", "起": "2026-07-02"},
]
PROFITS = [{"网点": "东", "利润": "8"}, {"网点": "西", "利润": "5"}, {"网点": "东", "利润": "0.5"}]
DETAILS = {"存款": DEPOSITS, "网点指标": PROFITS}
GIVEN = {"上期结转": "1.005"}

WANT = {
    "工号": ["001", "002", "003", "004"],
    "网点": ["东", "东", "东", "西"],
    "合计": ["13.51", "1.36", "1.01", "-2.00"],
    "折算合计": ["13.8", "0.4", "0", "-3"],
    "对公": ["0", "0.1", "0", "-3"],
    "最新": ["12.5", "0.25", None, "-3"],
    "笔数": ["1", "2", "0", "1"],
    "网点利润": ["8.5", "8.5", "8.5", "5"],
    "名次": ["2", "1", "2", "1"],
    "网点均分": ["91.833333333333", "91.833333333333", "91.833333333333", "70"],
}


@pytest.fixture(scope="module")
def scheme():
    return Scheme.parse(BRANCHES)


def typed(rows):
    """Numbers and dates as what they are."""
    of = {"余额": float, "得分": Decimal, "利润": Decimal, "起": datetime.date.fromisoformat}
    return [{name: of.get(name, str)(cell) for name, cell in row.items()} for row in rows]


def compared(frame):
    """Figures by value: kinds of tables differ in trailing zeros of what is not rounded."""
    number = {name for name, column in WANT.items() if name not in ("工号", "网点")}
    return {
        name: [Decimal(cell) if name in number and cell is not None else cell for cell in column]
        for name, column in frame.items()
    }


def scored(scheme, people=PEOPLE, **options):
    return scheme.score(people, **({"details": DETAILS, "given": GIVEN} | options))


def codes(result):
    return {(each["key"], each["column"]): each["code"] for each in result.errors}


# details and values of the run


@pytest.mark.parametrize("as_typed", [False, True], ids=["text", "typed"])
@pytest.mark.parametrize("kind", KINDS)
def test_details_are_tables_of_every_kind(scheme, kind, as_typed):
    make, unmake = KINDS[kind]
    change = typed if as_typed else list
    details = {name: make(change(rows)) for name, rows in DETAILS.items()}
    result = scored(scheme, make(change(PEOPLE)), details=details)
    assert type(result.frame) is TYPE[kind]
    assert compared(unmake(result.frame)) == compared(WANT)
    assert result.is_complete and result.complete and len(result.errors) == 0 if TYPE[kind] is list else result.complete


def test_kinds_of_tables_mix(scheme):
    details = {"存款": polars.DataFrame(DEPOSITS), "网点指标": {"网点": ["西", "东"], "利润（万元）": [5, Decimal("8.5")]}}
    result = scheme.score(pyarrow.Table.from_pylist(PEOPLE), details=details, given={"上期结转": Decimal("1.005")})
    assert compared(result.frame.to_pydict()) == compared(WANT)
    # columns that nobody asked for may hold anything
    details = {"存款": [row | {"备注": object()} for row in DEPOSITS], "网点指标": PROFITS}
    assert scored(scheme, [row | {"照片": b"x"} for row in PEOPLE], details=details).is_complete


def test_what_a_scheme_says_of_details_and_given(scheme):
    deposits, profits = scheme.details
    assert isinstance(deposits, Detail)
    assert (deposits.name, deposits.key, deposits.headers) == ("存款", "工号", ("工号", "员工编号"))
    assert [(each.name, each.kind, each.unit) for each in deposits.columns] == [
        ("账号", "text", None), ("产品", "choice", None), ("余额", "number", "万元"), ("起", "date", None),
    ]  # fmt: skip
    assert (profits.key, profits.columns[0].headers) == ("网点", ("利润", "利润(万元)"))
    assert [(each.name, each.kind, each.key) for each in scheme.given] == [
        ("上期结转", "number", False), ("口径", "text", False), ("截止", "date", False),
    ]  # fmt: skip


def test_a_run_says_what_it_stands_on(scheme):
    result = scored(scheme, given={"上期结转": 2.5, "截止": datetime.date(2026, 8, 1)}, as_of=datetime.date(2026, 8, 31))
    assert result.given == {"上期结转": Decimal("2.5"), "口径": "常规", "截止": datetime.date(2026, 8, 1)}
    assert result.as_of == datetime.date(2026, 8, 31) and scored(scheme).as_of == datetime.date(2026, 9, 30)
    assert result.fingerprint == scheme.fingerprint
    outcome = scheme.score_row(PEOPLE[0], given={"上期结转": 2.5})
    assert outcome.given == {"上期结转": Decimal("2.5"), "口径": "常规", "截止": None}
    assert outcome.as_of == datetime.date(2026, 9, 30) and outcome.fingerprint == scheme.fingerprint


def refused(scheme, **options):
    with pytest.raises(DataError) as caught:
        scored(scheme, **options)
    error = caught.value
    assert error.message_zh and error.message_zh != error.message and error.render("zh") != error.render("en")
    return error.code, error.offenders


def test_rows_of_nobody(scheme):
    rows = [*DEPOSITS, *({"工号": key, "账号": "z", "产品": "对公", "余额": 1, "起": "2026-07-01"} for key in ("777", "888"))]
    assert refused(scheme, details=DETAILS | {"存款": rows}) == ("K0806", ["777", "888"])
    profits = [*PROFITS, {"网点": "南", "利润": 1}]
    assert refused(scheme, details=DETAILS | {"网点指标": profits}) == ("K0806", ["南"])


def test_rows_alike_where_they_must_differ(scheme):
    assert refused(scheme, details=DETAILS | {"存款": [*DEPOSITS, DEPOSITS[1]]}) == ("K0807", ["001"])
    # the same account of somebody else is another row
    other = DEPOSITS[1] | {"工号": "003"}
    assert scored(scheme, details=DETAILS | {"存款": [*DEPOSITS, other]}).is_complete


def test_rows_without_a_key(scheme):
    rows = [DEPOSITS[0], DEPOSITS[1] | {"工号": None}, DEPOSITS[2] | {"工号": ""}]
    assert refused(scheme, details=DETAILS | {"存款": rows}) == ("K0803", ["2", "3"])


def test_tables_and_values_that_are_not_there(scheme):
    assert refused(scheme, details=None) == ("K0810", ["存款", "网点指标"])
    assert refused(scheme, details={"存款": DEPOSITS}) == ("K0810", ["网点指标"])
    assert refused(scheme, details=DETAILS | {"贷款": []}) == ("K0809", ["贷款"])
    assert refused(scheme, given=None) == ("K0808", ["上期结转"])
    assert refused(scheme, given={"上期结转": "很多"}) == ("K0808", ["上期结转"])
    assert refused(scheme, given=GIVEN | {"上期结算": 1}) == ("K0809", ["上期结算"])
    # a table without rows is a table
    result = scored(scheme, details={"存款": [], "网点指标": {"网点": [], "利润": []}})
    assert result.is_complete and [row["笔数"] for row in result.frame] == [0, 0, 0, 0]


def test_columns_that_are_not_there(scheme):
    rows = [{name: cell for name, cell in row.items() if name != "余额"} for row in DEPOSITS]
    for make in (list, polars.DataFrame):
        assert refused(scheme, details=DETAILS | {"存款": make(rows)}) == ("K0801", ["余额"])
    # rows with nothing that is asked for are no empty table
    for nothing in ([{"甲": 1}], {"甲": [1, 2]}, polars.DataFrame({"甲": [1]}), [{}]):
        code, offenders = refused(scheme, details=DETAILS | {"网点指标": nothing})
        assert code == "K0801" and offenders in (["利润"], ["网点"])
    rows = [{name: cell for name, cell in row.items() if name != "工号"} for row in DEPOSITS]
    assert refused(scheme, details=DETAILS | {"存款": rows}) == ("K0801", ["工号"])


def test_a_misspelt_name_in_one_detail_row_is_not_an_absence(scheme):
    rows = [dict(row) for row in DEPOSITS]
    rows[2]["余颔"] = rows[2].pop("余额")
    assert refused(scheme, details=DETAILS | {"存款": rows}) == ("K0805", ["余颔"])


def test_values_that_are_no_cells_are_named(scheme):
    rows = [DEPOSITS[0], DEPOSITS[1] | {"余额": [1]}, DEPOSITS[2] | {"起": datetime.datetime(2026, 8, 15, 9)}]
    with pytest.raises(DataError) as caught:
        scored(scheme, details=DETAILS | {"存款": rows})
    assert caught.value.offenders == ["余额", "起"] and "row 2" in str(caught.value) and "row 3" in str(caught.value)
    with pytest.raises(DataError) as caught:
        scored(scheme, given={"上期结转": {}, "口径": object()})
    assert caught.value.offenders == ["上期结转", "口径"] and caught.value.code == "K0906"


@pytest.mark.parametrize("value", [[], "存款", 5, {1: []}], ids=repr)
@pytest.mark.parametrize("option", ["details", "given"])
def test_details_and_given_are_by_name(scheme, option, value):
    for run in (lambda: scored(scheme, **{option: value}), lambda: scheme.score_row(PEOPLE[0], **{option: value})):
        with pytest.raises(DataError) as caught:
            run()
        assert caught.value.offenders == [option] and caught.value.help_zh


def test_a_fault_in_a_detail_row_is_told_with_its_place(scheme):
    rows = [DEPOSITS[0], DEPOSITS[1] | {"余额": "12.505"}, DEPOSITS[2] | {"产品": "贵金属"}]
    result = scored(scheme, details=DETAILS | {"存款": rows})
    told = {(each["key"], each["column"]): each for each in result.errors if each["blocked_by"] is None}
    assert {at: (each["code"], each["detail"], each["detail_line"]) for at, each in told.items()} == {
        ("001", "存款.余额"): ("K0905", "存款", 2),
        ("002", "存款.产品"): ("K0907", "存款", 3),
    }
    found = codes(result)
    assert found["001", "合计"] == found["001", "折算合计"] == found["002", "对公"] == "K0920"
    # whoever has no such row has his figures, and so has the balance that needs no product
    assert ("004", "合计") not in found and ("002", "合计") not in found and result.frame[1]["合计"] == Decimal("1.36")
    (problem,) = scheme.score_row(PEOPLE[0], details={"存款": rows[1:2], "网点指标": []}, given=GIVEN).problems[:1]
    assert (problem.column, problem.detail, problem.detail_line) == ("存款.余额", "存款", 1)


# one person alone


def test_one_person_with_his_rows(scheme):
    own = [{name: cell for name, cell in row.items() if name != "工号"} for row in DEPOSITS if row["工号"] == "002"]
    profits = [{"利润": "8"}, {"利润": "0.5"}]
    outcome = scheme.score_row(PEOPLE[1], details={"存款": own, "网点指标": profits}, given=GIVEN)
    table = scored(scheme).frame[1]
    groups = {"名次", "网点均分"}
    assert {name: figure for name, figure in outcome.items() if name not in groups} == {
        name: figure for name, figure in table.items() if name not in groups
    }
    # a place among nobody is none
    assert {problem.column: problem.code for problem in outcome.problems} == {name: "K0921" for name in groups}
    assert not outcome.is_complete and outcome["名次"] is None
    assert "K0921" in outcome.explain("名次").to_text() or "whole group" in outcome.explain("名次").to_text()
    assert "1.355" in outcome.explain("合计").to_text()


def test_one_person_without_rows(scheme):
    outcome = scheme.score_row(PEOPLE[0])
    found = {problem.column: problem.code for problem in outcome.problems}
    assert found["笔数"] == "K0928" and found["网点利润"] == "K0928" and found["合计"] in ("K0901", "K0920", "K0928")
    with pytest.raises(DataError) as caught:
        scheme.score_row(PEOPLE[0], details={"存款": []}, given={"上期结算": 1})
    assert caught.value.code == "K0809"
    # any table is a table of rows
    own = polars.DataFrame(DEPOSITS[1:2]).drop("工号")
    assert scheme.score_row(PEOPLE[0], details={"存款": own}, given=GIVEN)["合计"] == Decimal("13.51")


# who is left out


@pytest.mark.parametrize("kind", ["rows", "columns", "pandas", "polars", "arrow"])
def test_whoever_is_left_out_makes_the_others_provisional(scheme, kind):
    make, unmake = KINDS[kind]
    people = [*PEOPLE, {"工号": "005", "网点": "东", "得分": None}, {"工号": "006", "网点": "东", "得分": "x"}]
    result = scored(scheme, make(people))
    frame = result.to_arrow().to_pydict()
    assert frame["名次"] == [2, 1, 2, 1, None, None]
    assert not result.is_complete
    errors = {name: list(column) for name, column in unmake(result.errors).items()}
    told = {}
    for key, column, code, left_out, message in zip(
        errors["key"], errors["column"], errors["code"], errors["left_out"], errors["message"], strict=True
    ):
        assert (code == "K0927") == (left_out is not None)
        told[key, column] = (code, None if left_out is None else list(left_out))
        assert code != "K0927" or "`005`, `006`" in message
    provisional = ("K0927", ["005", "006"])
    assert told == {
        ("005", "得分"): ("K0901", None), ("005", "名次"): ("K0920", None), ("005", "网点均分"): ("K0920", None),
        ("006", "得分"): ("K0906", None), ("006", "名次"): ("K0920", None), ("006", "网点均分"): ("K0920", None),
        **{(key, column): provisional for key in ("001", "002", "003") for column in ("名次", "网点均分")},
    }  # fmt: skip
    # nobody is missing in the other branch
    assert frame["网点均分"][3] == 70


def test_whoever_counts_nowhere_is_missed_nowhere():
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
inputs:
  k: { type: text, key: true }
  g: { type: choice, values: [东, 西] }
  x: { type: number }
computed: { place: rank(x desc ties min where x > 0 within g), total: group_sum(x where x > 0 within g) }
""")
    people = [{"k": "1", "g": "东", "x": 3}, {"k": "2", "g": "东", "x": 5}, {"k": "3", "g": None, "x": -1}]
    result = scheme.score(people)
    assert [row["place"] for row in result.frame] == [2, 1, None]
    assert {key for key, _ in codes(result)} == {"3"}
    # with a value that counts he could be in either branch
    result = scheme.score([*people[:2], people[2] | {"x": 4}])
    assert codes(result)["1", "place"] == codes(result)["2", "total"] == "K0927"


def test_what_is_ranked_may_have_any_length():
    """What stands inside a figure over a group is no cell: it is compared, not published."""
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, x: { type: number } }
computed: { place: rank(x^3 desc ties min) }
""")
    rows = [{"k": "1", "x": "9999999999999999.999999999998"}, {"k": "2", "x": "9999999999999999.999999999999"}]
    result = scheme.score(rows)
    assert result.is_complete and [row["place"] for row in result.frame] == [2, 1]


def test_lists_of_who_is_left_out_are_shared(scheme):
    """Of a thousand people half are left out: the first hundred are named, in one list for all the others."""
    people = [{"工号": str(at), "网点": "东", "得分": None if at % 2 else at} for at in range(1000)]
    lists = [each["left_out"] for each in scored(scheme, people, details={"存款": [], "网点指标": []}).errors]
    told = [each for each in lists if each is not None]
    assert len(told) == 1000 and len({id(each) for each in told}) <= 2 and len(told[0]) == 100


def test_explained_among_the_people_of_the_run(scheme):
    result = scored(scheme)
    for key, place in (("002", "1"), ("003", "2")):
        why = result.explain(key, "名次")
        assert why.to_dict()["asked"] == ["名次"]
        assert f"= {place}" in why.to_text() and "K0921" not in why.to_text()
    assert "91.833333333333" in result.explain("001").to_text()
    assert "1.355" in result.explain("002", "合计").to_text("zh")


# many


def many(count):
    people = {
        "工号": [str(at) for at in range(count)],
        "网点": [f"网点{at % 37}" for at in range(count)],
        "得分": [None if at % 5003 == 7 else Decimal(at * 7919 % 10007) / 100 for at in range(count)],
    }
    owners = [at for at in range(count) for _ in range(at % 3)]
    deposits = {
        "工号": [str(at) for at in owners],
        "账号": [str(at) for at in range(len(owners))],
        "产品": ["储蓄" if at % 2 else "对公" for at in owners],
        "余额": [Decimal(at * 31 % 1009) / 100 for at in owners],
        "起": [datetime.date(2026, 7, 1) + datetime.timedelta(days=at % 80) for at in range(len(owners))],
    }
    profits = {"网点": [f"网点{at}" for at in range(37)], "利润": list(range(37))}
    return people, {"details": {"存款": deposits, "网点指标": profits}, "given": {"上期结转": 1}}


def test_threads_change_nothing(scheme):
    people, options = many(20_000)
    one = scheme.score(people, threads=1, **options)
    assert set(one.errors["code"]) == {"K0901", "K0920", "K0927"}
    for threads in (2, 5, None):
        other = scheme.score(people, threads=threads, **options)
        assert other.frame == one.frame and other.errors == one.errors


def test_progress_counts_rows_of_every_stage(scheme):
    people, options = many(40_000)
    told = []
    scheme.score(people, progress=lambda done, total: told.append((done, total)), **options)
    # the people, once more for a figure over groups, and what goes along detail rows
    assert told == sorted(told) and len(told) >= 4
    assert told[-1][0] == told[-1][1] >= 80_000 and {total for _, total in told} == {told[-1][1]}

    class Enough(Exception):
        pass

    seen = []

    def stop(done, total):
        seen.append(done)
        raise Enough

    with pytest.raises(Enough):
        scheme.score(people, progress=stop, **options)
    assert len(seen) == 1
    with pytest.raises(TypeError):
        scheme.score(people, progress=lambda: None, **options)


def test_control_c_stops_a_run(scheme):
    """The interpreter looks at signals between blocks of rows: the run ends, and the next one is whole."""
    people, options = many(60_000)
    begun, seen = threading.Event(), []

    def interrupt():
        begun.wait(60)
        _thread.interrupt_main()

    def look(done, total):
        seen.append((done, total))
        begun.set()

    other = threading.Thread(target=interrupt)
    other.start()
    with pytest.raises(KeyboardInterrupt):
        scheme.score(people, progress=look, **options)
        # not reached, unless the interruption came too late
        seen.append((0, 0))
    other.join()
    assert seen and seen[-1][0] < seen[-1][1]
    assert len(scheme.score(people, **options)) == 60_000


def test_runs_in_many_threads(scheme):
    people, options = many(3_000)
    frames = [None] * 6

    def work(at):
        frames[at] = scheme.score(people, threads=1 + at % 3, **options).frame

    workers = [threading.Thread(target=work, args=(at,)) for at in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert frames[0] is not None and all(frame == frames[0] for frame in frames)


def test_seats_beyond_their_share_are_noted():
    scheme = Scheme.parse(
        """
kaohe: 1
scheme: 两级
inputs: { 工号: { type: text, key: true }, 网点: { type: text }, 得分: { type: number } }
grades:
  级别: { ladder: [高, 低], order: [得分 desc], within: [网点], quota: { shares: { 高: 50%, 低: 50% } } }
"""
    )
    people = [{"工号": str(at), "网点": "东" if at < 3 else "西", "得分": at} for at in range(5)]
    notes = scheme.score(people).notes
    assert [(note.code, note.message) for note in notes] == [
        ("K0714", "`级别` within 网点 = 东: 高: 2 of 3 ≈ 66.67%, above the stated 50%")
    ]
    assert "超过规定的 50%" in notes[0].message_zh
