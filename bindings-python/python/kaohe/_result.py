"""What comes out for a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Literal, overload

from . import _frames, _kaohe
from ._errors import in_chinese
from ._explanation import Explanation
from ._frames import Figures, Out, Table
from ._ratings import Agreement, RatingAgreement, RoleAgreement
from ._report import Format, Report, no_form, written
from ._rows import Figure


@dataclass(frozen=True)
class Note:
    """Something about a run as a whole that whoever answers for it should know."""

    #: The stable code.
    code: str
    #: What it is, in English.
    message: str
    #: What it is, in Chinese.
    message_zh: str


@dataclass(frozen=True)
class QuestionStatistics:
    """How one question of an exam did."""

    #: The part it is in.
    part: str
    #: Its name.
    question: str
    #: The right answer.
    key: str
    #: How many left it blank.
    blank: int
    #: How many wrote what cannot be an answer, where that earns no marks (`when_invalid: zero`).
    invalid: int
    #: How many earned all its marks.
    right: int
    #: The share of its marks that was earned: 0 is hard, 1 easy.
    difficulty: Decimal | None
    #: That share among the upper 27 % by total, minus that among the lower 27 %.
    discrimination: Decimal | None
    #: The correlation of its marks with those of the rest of the paper.
    correlation: Decimal | None


@dataclass(frozen=True)
class ExamStatistics:
    """How the questions of an exam did, over the sheets that could be marked."""

    #: The exam.
    exam: str
    #: How many sheets are counted.
    sheets: int
    #: The rows of answers that are not, for an answer that cannot be one; counted from 1.
    left_out: tuple[int, ...]
    #: How many sheets the upper and the lower group have.
    group: int
    #: The mean total over full marks.
    mean: Decimal | None
    #: The questions in the order of the paper.
    questions: tuple[QuestionStatistics, ...]


class Result:
    """A scored table: the figures of every row, and for each that is absent the reason.

    >>> from kaohe import Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 例
    ... inputs:
    ...   工号: { type: text, key: true }
    ...   存款: { type: number }
    ...   任务: { type: number }
    ... computed:
    ...   完成率: { formula: 存款 / 任务, round: 4 }
    ... ''')
    >>> result = scheme.score([
    ...     {"工号": "001", "存款": 3, "任务": 4},
    ...     {"工号": "002", "存款": 3, "任务": 0},
    ... ])
    >>> result.frame
    [{'工号': '001', '完成率': Decimal('0.7500')}, {'工号': '002', '完成率': None}]
    >>> [(each["key"], each["column"], each["code"]) for each in result.errors]
    [('002', '完成率', 'K0902')]
    """

    __slots__ = ("_columns", "_errors", "_frame", "_run", "_scheme", "_table")

    def __init__(self, scheme: _kaohe.Scheme, table: Table, run: _kaohe.Run) -> None:
        self._scheme = scheme
        self._table = table
        self._run = run
        self._columns: list[Figures] | None = None
        self._errors: list[Figures] | None = None
        self._frame: Any = None

    def _figures(self) -> Out:
        if self._columns is None:
            self._columns = [
                Figures(name, kind, partial(self._run.column, at), places, words)
                for at, (name, kind, places, words) in enumerate(self._run.columns())
            ]
        return Out(self._columns, self._run.arrow, self._table.index)

    @property
    def frame(self) -> Any:
        """The figures of every row, as a table of the kind that came in.

        Its columns are those people are shown: the key and the other texts, and everything computed. A rounded number
        has exactly its places. Lists and dictionaries hold `Decimal`; Arrow, polars and pandas (with pyarrow) tables a
        decimal type with the column's places, or twelve where it is not rounded. A pandas frame keeps its index.
        """
        if self._frame is None:
            self._frame = _frames.BUILD[self._table.kind](self._figures())
        return self._frame

    @property
    def errors(self) -> Any:
        """Every empty cell and every provisional figure with its reason, as a table of the kind that came in.

        Its columns are ``row`` (from 1), ``key``, ``column``, ``code``, ``message``, ``message_zh``, ``blocked_by`` (the
        column whose fault it is, where this one only reads it), ``detail`` and ``detail_line`` (the detail table and
        its row, from 1, in which the fault was met), and ``left_out``. A figure that rows left out of its group could
        have changed stays in `frame`; its line here has the code K0927, and ``left_out`` the keys of those rows.

        >>> from kaohe import Scheme
        >>> scheme = Scheme.parse('''
        ... kaohe: 1
        ... scheme: 例
        ... inputs: { 工号: { type: text, key: true }, 得分: { type: number } }
        ... computed: { 名次: rank(得分 desc ties min) }
        ... ''')
        >>> result = scheme.score({"工号": ["001", "002"], "得分": [90, None]})
        >>> result.frame["名次"]
        [Decimal('1'), None]
        >>> result.errors["code"][-1], result.errors["left_out"][-1]
        ('K0920', None)
        """
        return _frames.BUILD[self._table.kind](Out(self._problems()))

    def _problems(self) -> list[Figures]:
        if self._errors is None:
            kinds = {"row": "whole", "detail_line": "whole", "left_out": "texts"}
            self._errors = [
                Figures(name, kinds.get(name, "text"), partial(list, values))
                for name, values in self._run.problems().items()
            ]
        return self._errors

    @property
    def is_complete(self) -> bool:
        """Whether every cell of every row has come out, and no figure is provisional."""
        return self._run.is_complete()

    @property
    def complete(self) -> bool:
        """The same as `is_complete`."""
        return self.is_complete

    @property
    def fingerprint(self) -> str:
        """What identifies the rules: the scheme's fingerprint."""
        return self._run.fingerprint()

    @property
    def as_of(self) -> date | None:
        """The day that counted."""
        return self._run.as_of()

    @property
    def given(self) -> dict[str, Figure]:
        """The values of the run, as they were given or by their defaults."""
        return self._run.given()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is doubtful about the run as a whole: a grade that more people have than its stated share (`K0714`), raters
        whose severity cannot be compared (`K1025`, `K1024`).

        At most the first hundred.
        """
        return tuple(Note(**told) for told in json.loads(self._run.notes()))

    def exam_statistics(self, exam: str | None = None) -> ExamStatistics:
        """How the questions of an exam did: how hard each was, and how well it told the strong from the weak.

        Of people with one total at the edge of the upper or lower group each counts in part, so that the order of rows
        decides nothing. Figures are exact to twelve decimals; ``None`` where there are none, as a correlation where
        everybody has the same marks.

        >>> from kaohe import Scheme
        >>> scheme = Scheme.parse('''
        ... kaohe: 1
        ... scheme: 例
        ... inputs: { 工号: { type: text, key: true } }
        ... exams: { 上岗考试: { parts: [{ name: 单选, kind: single, questions: S, marks: 5, key: [A, B] }] } }
        ... ''')
        >>> answers = [{"工号": "001", "S1": "A", "S2": "B"}, {"工号": "002", "S1": "a", "S2": "C"}]
        >>> result = scheme.score([{"工号": "001"}, {"工号": "002"}], answers=answers)
        >>> result.frame[0]["上岗考试"], result.frame[1]["上岗考试.单选"]
        (Decimal('10'), Decimal('5'))
        >>> result.exam_statistics().questions[1].difficulty
        Decimal('0.5')

        Raises:
            DataError: when the scheme has no exam of that name; or several, and none is named.
        """
        name = self._scheme.only_table("answers") if exam is None else exam
        told = json.loads(self._run.exam_statistics(name))
        questions = tuple(_question(**each) for each in told["questions"])
        left_out, mean = tuple(told["left_out"]), _decimal(told["mean"])
        return ExamStatistics(**told | {"questions": questions, "left_out": left_out, "mean": mean})

    def agreement(
        self, rating: str | None = None, *, incomplete: Literal["refuse", "leave_out"] | None = None
    ) -> RatingAgreement:
        """How far the raters of an appraisal agree: of each role, on the whole sheet and on each item.

        What is compared is what raters gave: sheets before any adjustment for severity. People rating themselves are no
        raters here. ``incomplete`` is as for `kaohe.agreement`.

        >>> from kaohe import Scheme
        >>> scheme = Scheme.parse('''
        ... kaohe: 1
        ... scheme: 例
        ... inputs: { 工号: { type: text, key: true } }
        ... ratings: { 测评: { marks: { max: 100 }, items: [{ name: 服务, points: 100 }], roles: { 同事: { weight: 100 } } } }
        ... ''')
        >>> marks = [("甲", "张", 90), ("甲", "王", 80), ("乙", "张", 70), ("乙", "王", 60)]
        >>> sheets = [{"工号": key, "角色": "同事", "考评人": rater, "服务": mark} for key, rater, mark in marks]
        >>> found = scheme.score([{"工号": "甲"}, {"工号": "乙"}], ratings=sheets).agreement()
        >>> found["同事"].raters, found["同事"].items["服务"]["icc_2_1"], found["同事"].whole["kendall_w"]
        (2, Decimal('0.8'), Decimal('1'))

        Raises:
            DataError: when the scheme has no appraisal of that name; or several, and none is named.
        """
        name = self._scheme.only_table("ratings") if rating is None else rating
        left_out, roles = self._run.agreement(name, incomplete)
        told = (
            RoleAgreement(role, *counts, Agreement(whole), {item: Agreement(core) for item, core in items})
            for role, counts, whole, items in roles
        )
        return RatingAgreement(name, tuple(told), tuple(left_out))

    def explain(self, key: object, column: str | None = None) -> Explanation:
        """Why a person's column is what it is, with everything it was computed from; without one, the whole row.

        Figures over groups are explained among the people of this run.

        Raises:
            DataError: when no row has that key, or the scheme has no such column.
        """
        return Explanation(self._run.explain(self._run.row_named(str(key)), column))

    @overload
    def report(self, key: object, *, format: None = None, lang: str = "en") -> Report: ...

    @overload
    def report(self, key: object, *, format: Format, lang: str = "en") -> str: ...

    def report(self, key: object, *, format: Format | None = None, lang: str = "en") -> Report | str:
        """A person's report: results, parts, every indicator with its formula, what lacks and why.

        With ``format`` (``md``, ``html`` or ``json``) as text, otherwise a `Report` that a notebook shows as a page.

        Raises:
            DataError: when no row has that key.
        """
        report = Report(self._run.report(self._run.row_named(str(key))))
        return report if format is None else written(report, format, lang)

    def reports(self, keys: Iterable[object] | None = None, *, format: Format = "html", lang: str = "en") -> str:
        """The reports of these people, or of everybody, as one text.

        As HTML each person begins on a page of its own; as JSON it is a list.

        Raises:
            DataError: when no row has one of the keys.
        """
        rows = list(range(len(self))) if keys is None else [self._run.row_named(str(key)) for key in keys]
        text = self._run.reports(rows, format, in_chinese(lang))
        if text is None:
            raise no_form(format)
        return text

    @overload
    def team_report(self, by: str | None = None, *, format: None = None, lang: str = "en") -> Report: ...

    @overload
    def team_report(self, by: str | None = None, *, format: Format, lang: str = "en") -> str: ...

    def team_report(
        self, by: str | None = None, *, format: Format | None = None, lang: str = "en"
    ) -> Report | str:
        """The report of all people together: grades, places, means and sums, what lacks; with ``by`` of teams, too.

        Its figures are computed exactly, from people's figures as they were published.

        Raises:
            DataError: when people have no column ``by``.
        """
        report = Report(self._run.team_report(by))
        return report if format is None else written(report, format, lang)

    def to_pandas(self) -> Any:
        """The figures as a pandas frame; see `frame`."""
        return _frames.BUILD["pandas"](self._figures())

    def to_polars(self) -> Any:
        """The figures as a polars frame, its numbers decimals."""
        return _frames.BUILD["polars"](self._figures())

    def to_arrow(self) -> Any:
        """The figures as a pyarrow table, its numbers ``decimal128`` of 28 digits."""
        return _frames.BUILD["arrow"](self._figures())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The figures for anything that reads Arrow streams, as DuckDB or polars."""
        return self._run.arrow(_frames.DIGITS).__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return self._run.rows()

    def __repr__(self) -> str:
        empty = "" if self.is_complete else ", with empty cells or provisional figures (see .errors)"
        return f"<kaohe.Result of {self._scheme.name()!r}: {len(self)} rows{empty}>"


def _question(difficulty: Any, discrimination: Any, correlation: Any, **rest: Any) -> QuestionStatistics:
    return QuestionStatistics(
        **rest,
        difficulty=_decimal(difficulty),
        discrimination=_decimal(discrimination),
        correlation=_decimal(correlation),
    )


def _decimal(figure: str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)
