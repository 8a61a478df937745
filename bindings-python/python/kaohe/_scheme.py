"""A scheme: read, asked what it is, scored with."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from . import _frames, _kaohe
from ._dictionary import scheme_text
from ._errors import DataError, Diagnostic, SchemeError, diagnostics_of, refusal
from ._result import Result
from ._rows import Outcome, facts
from ._stream import ScoredBatches


@dataclass(frozen=True)
class Input:
    """What a row must bring."""

    #: The name in the scheme.
    name: str
    #: ``number``, ``text``, ``bool``, ``date`` or ``choice``.
    kind: str
    #: Whether it names the row.
    key: bool
    #: The headers it is known by in tables; the name itself is the first.
    headers: tuple[str, ...]
    #: Its unit, as ``万元``.
    unit: str | None


@dataclass(frozen=True)
class Detail:
    """A detail table: rows that belong to people."""

    #: The name in the scheme.
    name: str
    #: The column of people whose value its rows name.
    key: str
    #: The headers the key is known by in the table.
    headers: tuple[str, ...]
    #: What its rows bring, besides the key.
    columns: tuple[Input, ...]
    #: Which option brings it: ``details``, ``answers`` of an exam, ``ratings`` of an appraisal.
    kind: str


def _inputs(told: list[tuple[str, str, bool, list[str], str | None]]) -> tuple[Input, ...]:
    return tuple(Input(name, kind, key, tuple(headers), unit) for name, kind, key, headers, unit in told)


@dataclass(frozen=True)
class Column:
    """A column people are shown."""

    #: The name in the scheme.
    name: str
    #: ``number``, ``text``, ``bool``, ``date``, ``choice`` or ``grade``.
    kind: str
    #: The decimals it is rounded to, or ``None`` where it is not rounded or no number.
    places: int | None
    #: The formula as written, or ``None`` where an input or a rule defines it.
    formula: str | None


@dataclass(frozen=True)
class Difference:
    """A figure of a worked example that is not as expected."""

    #: Whose figure it is, in an example of several people.
    key: str | None
    #: The column.
    column: str
    #: What the example says.
    expected: str
    #: What came out, in English.
    found: str
    #: What came out, in Chinese.
    found_zh: str


@dataclass(frozen=True)
class CaseResult:
    """What came of a worked example."""

    #: What the example shows.
    name: str
    #: ``passed`` or ``failed``.
    verdict: str
    #: How many figures were looked at and are as expected.
    figures: int
    #: What is not as expected.
    differences: tuple[Difference, ...]


def _case(told: dict[str, Any]) -> CaseResult:
    differences = tuple(Difference(**each) for each in told.get("differences", ()))
    return CaseResult(told["name"], told["verdict"], told.get("figures", 0), differences)


class Scheme:
    """A scheme: the rules by which facts about people become scores, grades and pay.

    It is read and checked once, cannot be changed, and may be used by any number of threads. It compares, hashes and
    is pickled by its text and the day that counts.

    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 存款考核
    ... edition: 2026Q3
    ... inputs:
    ...   工号:     { type: text, key: true }
    ...   日均存款: { type: number, unit: 万元 }
    ...   存款任务: { type: number, unit: 万元, above: 0 }
    ... computed:
    ...   完成率: { formula: 日均存款 / 存款任务, round: 4 }
    ... ''')
    >>> scheme
    <kaohe.Scheme '存款考核', edition '2026Q3'>
    >>> scheme.score_row({"工号": "007", "日均存款": 2415, "存款任务": "1000"})["完成率"]
    Decimal('2.4150')
    """

    __slots__ = ("_core", "_moved", "_placed")

    _core: _kaohe.Scheme
    #: Whether errors have lines: not when the scheme was built from a dictionary.
    _placed: bool
    #: The day that counts, where it is not the scheme's own.
    _moved: date | None

    def __init__(self) -> None:
        raise TypeError("a scheme is read: `Scheme.load(path)`, `Scheme.parse(text)` or `Scheme.from_dict(d)`")

    @classmethod
    def _read(cls, text: str, file: str | None, placed: bool) -> Scheme:
        return cls._of(_kaohe.Scheme(text, file, placed), placed, None)

    @classmethod
    def _of(cls, core: _kaohe.Scheme, placed: bool, moved: date | None) -> Scheme:
        scheme = object.__new__(cls)
        scheme._core, scheme._placed, scheme._moved = core, placed, moved
        return scheme

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Scheme:
        """Reads a scheme from a file: YAML or JSON, in UTF-8.

        Raises:
            SchemeError: with everything that is wrong, each with its place in the file.
            OSError: when the file cannot be read.
        """
        data = Path(path).read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SchemeError(
                [
                    Diagnostic(
                        "error",
                        "K0003",
                        f"`{os.fspath(path)}` is not UTF-8 text (line {line})",
                        f"`{os.fspath(path)}` 不是 UTF-8 文本（第 {line} 行）",
                        "save it as UTF-8",
                        "请另存为 UTF-8",
                        line=line,
                    )
                ]
            ) from error
        return cls._read(text, os.fspath(path), True)

    @classmethod
    def parse(cls, text: str) -> Scheme:
        """Reads a scheme from its text: YAML or JSON.

        >>> Scheme.parse("kaohe: 1\\nscheme: 例\\ninputs: { 工号: { type: text, key: true } }").name
        '例'

        Raises:
            SchemeError: with everything that is wrong, each with its place in the text.
        """
        return cls._read(text, None, True)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Scheme:
        """Reads a scheme from a dictionary of the same form as the text.

        Numbers are taken exactly: a `Decimal` with all its digits, a `float` as its shortest text.

        >>> scheme = Scheme.from_dict({
        ...     "kaohe": 1,
        ...     "scheme": "例",
        ...     "inputs": {"工号": {"type": "text", "key": True}, "a": {"type": "number"}},
        ...     "computed": {"b": {"formula": "a * 0.1", "round": 1}},
        ... })
        >>> scheme.score_row({"工号": "1", "a": 7})["b"]
        Decimal('0.7')

        Raises:
            SchemeError: with everything that is wrong, each with its path in the dictionary.
            DataError: when the dictionary has values that no scheme can have.
        """
        return cls._read(scheme_text(document), None, False)

    @staticmethod
    def check(text: str) -> list[Diagnostic]:
        """Everything that is wrong or doubtful with a scheme's text, in its order.

        >>> [found.code for found in Scheme.check("kaohe: 1\\nscheme: 例\\n")]
        ['K0102']
        """
        return diagnostics_of(_kaohe.Scheme.check(text))

    def with_as_of(self, day: date) -> Scheme:
        """The same scheme on another day: which dated values are in force, and what ``as_of`` is in formulas.

        Raises:
            SchemeError: when a parameter has no value in force on that day.
        """
        if isinstance(day, datetime) or not isinstance(day, date):
            raise refusal(
                "K0106",
                f"`as_of` is a value of type `{type(day).__name__}`, not a date",
                f"`as_of` 的类型是 `{type(day).__name__}`，不是日期",
                "give a `datetime.date`",
                "请给出 `datetime.date`",
                ["as_of"],
            )
        return self._of(self._core.on(day), self._placed, day)

    @property
    def name(self) -> str:
        """The scheme's name."""
        return self._core.name()

    @property
    def edition(self) -> str | None:
        """The scheme's edition, when it says one."""
        return self._core.edition()

    @property
    def source(self) -> str:
        """The text it was read from; of a dictionary, the JSON it was written as."""
        return self._core.source()

    @property
    def fingerprint(self) -> str:
        """What the scheme means, as a SHA-256: the same for the same rules, whatever its comments and labels say."""
        return self._core.fingerprint()

    @property
    def as_of(self) -> date | None:
        """The day that counts: the period's last, unless `with_as_of` said another."""
        return self._core.as_of()

    @property
    def warnings(self) -> list[Diagnostic]:
        """What is doubtful about it."""
        return diagnostics_of(self._core.warnings())

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What a row must bring, in the order of the scheme."""
        return _inputs(self._core.inputs())

    @property
    def given(self) -> tuple[Input, ...]:
        """The values of the run, in the order of the scheme: what `score` and `score_row` take as ``given``."""
        return _inputs(self._core.given())

    @property
    def details(self) -> tuple[Detail, ...]:
        """The detail tables, in the order of the scheme; answers to exams and sheets of appraisals among them.

        >>> scheme = Scheme.parse('''
        ... kaohe: 1
        ... scheme: 例
        ... inputs: { 工号: { type: text, key: true } }
        ... details: { 存款: { key: 工号, columns: { 余额: { type: number, unit: 万元 } } } }
        ... computed: { 合计: sum(存款.余额) }
        ... ''')
        >>> detail, = scheme.details
        >>> detail.name, detail.key, [each.name for each in detail.columns]
        ('存款', '工号', ['余额'])
        """
        return tuple(
            Detail(name, key, tuple(headers), _inputs(columns), kind)
            for name, key, headers, columns, kind in self._core.details()
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """What people are shown, in the order of the scheme."""
        return tuple(Column(*fields) for fields in self._core.columns())

    def run_cases(self) -> list[CaseResult]:
        """Runs the worked examples under ``cases:``."""
        return [_case(told) for told in json.loads(self._core.run_cases())]

    def score_row(
        self,
        row: Mapping[str, Any],
        *,
        ratings: Any = None,
        answers: Any = None,
        details: Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Scores one person alone.

        What is wrong in a cell is no error: that cell is ``None`` with its reason in `Outcome.problems`, what reads it
        is blocked by it, and every other figure comes out. A name the scheme does not have is ignored, unless it looks
        like a misspelt one that is absent. Figures over groups need the others: they are cells without a value (K0921).

        Args:
            row: the person.
            ratings: the sheets that raters gave the person, a list of rows; where the scheme has several appraisals, by
                name a list for each.
            answers: the person's answers to the exam, a dictionary by question; where the scheme has several exams, by
                name one for each.
            details: for each detail table the person's rows, which need no key; without a table, what is computed over
                its rows has no value (K0928).
            given: the values of the run.

        >>> scheme = Scheme.parse('''
        ... kaohe: 1
        ... scheme: 例
        ... inputs: { 工号: { type: text, key: true } }
        ... given: { 上期结转: { type: number } }
        ... details: { 存款: { key: 工号, columns: { 余额: { type: number } } } }
        ... computed: { 合计: sum(存款.余额) + 上期结转 }
        ... ''')
        >>> deposits = [{"余额": "0.1"}, {"余额": "0.2"}]
        >>> scheme.score_row({"工号": "001"}, details={"存款": deposits}, given={"上期结转": 1})["合计"]
        Decimal('1.3')

        Raises:
            DataError: when a name looks misspelt, or a value is none a cell can have.
        """
        if details is None and answers is None and ratings is None and given is None:
            return Outcome(self._core.score_plain_row(facts(row)))
        tables = [*_details(details), *self._tables("answers", answers, True), *self._tables("ratings", ratings, True)]
        return Outcome(self._core.score_row(facts(row), tables, _given(given)))

    def _tables(self, option: str, value: Any, alone: bool) -> list[tuple[str, Any]]:
        """The tables of an option: by name, or one for the only exam or appraisal there is."""
        if value is None:
            return []
        names = {detail.name for detail in self.details if detail.kind == option}
        by_name = isinstance(value, Mapping) and not names.isdisjoint(value)
        tables = value if by_name else {self._core.only_table(option): value}
        # one person's answers are a row of their own
        one = {name: [rows] if alone and isinstance(rows, Mapping) else rows for name, rows in tables.items()}
        return _details(one)

    def score(
        self,
        frame: Any,
        *,
        ratings: Any = None,
        answers: Any = None,
        details: Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
        as_of: date | None = None,
        threads: int | None = None,
        columns: Iterable[str] | None = None,
        progress: Callable[[int, int], object] | bool | None = None,
    ) -> Result:
        """Scores a table: every row one person, figures over groups among these people.

        ``frame`` is a list of dictionaries, a dictionary of lists, a pandas, polars or Arrow table, or anything that
        speaks the Arrow PyCapsule protocol. What is wrong in a cell is told in `Result.errors`; every other figure
        comes out.

        Args:
            frame: the people.
            ratings: the sheets of raters, a table of any kind ``frame`` can be; where the scheme has several appraisals,
                by name a table for each.
            answers: the answers to the exam, one row for each person, one column for each question; where the scheme
                has several exams, by name a table for each. Who has no row has not sat it.
            details: for each detail table of the scheme its rows, a table of any kind ``frame`` can be; one column
                says whose each row is, by the header of the detail's key.
            given: the values of the run by name.
            as_of: the day that counts, instead of the period's last.
            threads: how many threads compute; as many as there are processors when not stated. What comes out does
                not depend on it.
            columns: the names of the columns that are wanted, in their order; all that people are shown when not stated.
                What they do not read is not computed, and its faults are not told.
            progress: called with the rows done and the rows there are, now and then; a row counts each
                time it is gone through: figures over groups and over detail rows make more than one, and detail rows
                count, too. What it raises stops the run. ``True`` shows a bar of `tqdm`
                where that is installed.

        >>> scheme = Scheme.parse('''
        ... kaohe: 1
        ... scheme: 例
        ... inputs: { 工号: { type: text, key: true } }
        ... details: { 存款: { key: 工号, columns: { 余额: { type: number } } } }
        ... computed: { 合计: sum(存款.余额), 名次: rank(合计 desc ties min) }
        ... ''')
        >>> deposits = {"工号": ["002", "001", "002"], "余额": [5, 6, 7]}
        >>> scheme.score({"工号": ["001", "002"]}, details={"存款": deposits}).frame
        {'工号': ['001', '002'], '合计': [Decimal('6'), Decimal('12')], '名次': [Decimal('2'), Decimal('1')]}

        Raises:
            DataError: when a table lacks a column, or has two for one; a key is missing or there twice; a detail row
                is nobody's, or like another where that must not be; a detail table or a value of the run is missing;
                or a value is none a cell can have. It names every offender.
            SchemeError: when a parameter has no value in force on ``as_of``.
        """
        core = self._core if as_of is None else self.with_as_of(as_of)._core
        table = _frames.read(frame)
        tables = [*_details(details), *self._tables("answers", answers, False), *self._tables("ratings", ratings, False)]
        with _progress(progress) as told:
            how = (_threads(threads), _names(columns), told)
            run = core.score(table.parts(), tables, _given(given), how)
        return Result(core, table, run)

    def score_batches(
        self,
        reader: Any,
        *,
        ratings: Any = None,
        answers: Any = None,
        details: Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
        as_of: date | None = None,
        threads: int | None = None,
        columns: Iterable[str] | None = None,
    ) -> ScoredBatches:
        """Scores people who come in batches, in as little memory as their figures allow.

        ``reader`` is anything that speaks the Arrow PyCapsule protocol (a pyarrow reader or table, a DuckDB relation, a
        polars frame), or an iterable of pyarrow record batches of one schema. Where no figure is over a group and the
        scheme has no detail table, each batch is scored when it is asked for, and of those before only their keys are
        remembered, as numbers of 64 bits: two different keys are taken for one with a chance of one in four hundred
        thousand among ten million people. Otherwise all batches are read first, of which only the columns are kept that
        the scheme reads.

        The other arguments are those of `score`. A key that stands in two batches is refused when it is met; what came
        out before stays as it is. Numbers without a limit have no place here (K0831).

        Raises:
            DataError: as `score`, the rest of it when the batch is asked for.
        """
        core = self._core if as_of is None else self.with_as_of(as_of)._core
        tables = [*_details(details), *self._tables("answers", answers, False), *self._tables("ratings", ratings, False)]
        how = (_threads(threads), _names(columns))
        batches = _frames.Batches(reader)
        return ScoredBatches(core.score_batches(batches.reader, tables, _given(given), how), batches)

    def __repr__(self) -> str:
        edition = "" if self.edition is None else f", edition {self.edition!r}"
        return f"<kaohe.Scheme {self.name!r}{edition}>"

    def _identity(self) -> tuple[str, date | None]:
        return (self.source, self.as_of)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scheme):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __copy__(self) -> Scheme:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Scheme:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickled, (self.source, self._placed, self._moved))


def _unpickled(source: str, placed: bool, moved: date | None) -> Scheme:
    scheme = Scheme._read(source, None, placed)
    return scheme if moved is None else scheme.with_as_of(moved)


def _details(details: Mapping[str, Any] | None) -> list[tuple[str, Any]]:
    """The detail tables, taken apart."""
    if details is None:
        return []
    if not isinstance(details, Mapping) or not all(isinstance(name, str) for name in details):
        raise _not_by_name("details", details, "give a dictionary of name and table", "请给出“名称：表”的字典")
    return [(name, _frames.read(frame).parts()) for name, frame in details.items()]


def _given(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values of the run as a dictionary."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise _not_by_name("given", given, "give a dictionary of name and value", "请给出“名称：值”的字典")
    return dict(given)


def _not_by_name(option: str, value: Any, help: str, help_zh: str) -> DataError:
    return refusal(
        "K0103",
        f"`{option}` is a value of type `{type(value).__name__}`, not a dictionary by name",
        f"`{option}` 的类型是 `{type(value).__name__}`，不是按名称的字典",
        help,
        help_zh,
        [option],
    )


def _names(columns: Iterable[str] | None) -> list[str] | None:
    """The names of the columns that are wanted."""
    if columns is None:
        return None
    names = [] if isinstance(columns, str) or not isinstance(columns, Iterable) else list(columns)
    if isinstance(columns, str) or not isinstance(columns, Iterable) or not all(isinstance(name, str) for name in names):
        raise refusal(
            "K0103",
            f"`columns` is a value of type `{type(columns).__name__}`, not a list of names",
            f"`columns` 的类型是 `{type(columns).__name__}`，不是列名的列表",
            "give a list of names, as `[\"得分\"]`",
            "请给出列名的列表，如 `[\"得分\"]`",
            ["columns"],
        )
    return names


@contextmanager
def _progress(
    progress: Callable[[int, int], object] | bool | None,
) -> Iterator[Callable[[int, int], object] | None]:
    """What is told how far a run is; for `True` a bar of tqdm, where that is installed."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            yield None
            return
        with tqdm(unit=" rows", unit_scale=True) as bar:

            def told(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield told
    else:
        yield progress


def _threads(threads: int | None) -> int:
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 1024:
        raise refusal(
            "K0104",
            f"`threads` is `{threads}`, not a whole number from 1 to 1024",
            f"`threads` 为 `{threads}`，应为 1 到 1024 的整数",
            "leave it out to use every processor",
            "省略则使用全部处理器",
            ["threads"],
        )
    return threads
