"""A round of rating: sheets for raters, and what comes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import _kaohe
from ._result import Note
from ._scheme import Scheme


@dataclass(frozen=True)
class Reopening:
    """A sheet that was given back to its rater."""

    #: When.
    time: str
    #: Who did it.
    by: str
    #: Why.
    reason: str


@dataclass(frozen=True)
class SheetItem:
    """Something that is rated on a sheet."""

    #: Its name.
    name: str
    #: What is looked at.
    standard: str | None
    #: By mark what it means here.
    anchors: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """One rater's sheet about one person in one role, and how far it is."""

    #: What names it, the same in every language.
    id: str
    #: The rater's role.
    role: str
    #: Who rates.
    rater: str
    #: Who is rated.
    ratee: str
    #: The group in which the rater meets the person.
    group: str | None
    #: The entry of the plan it comes from, from 0.
    entry: int
    #: The first day marks are taken.
    start: str | None
    #: The last day marks are taken.
    end: str | None
    #: What is rated, in order.
    items: tuple[SheetItem, ...]
    #: The marks there are: ``{"letters": ["A", "B"]}``, ``{"stars": 5}``, or ``{"min": 0, "max": 10, "places": 1}``.
    scale: dict[str, Any]
    #: ``untouched``, ``started`` or ``submitted``.
    status: str
    #: When it was submitted, while it is.
    submitted: str | None
    #: By item the mark, or ``None``.
    marks: dict[str, str | None]
    #: The items without a mark, in order.
    outstanding: tuple[str, ...]
    #: How often it was given back, by whom and why.
    reopened: tuple[Reopening, ...]


@dataclass(frozen=True)
class RoundProgress:
    """How many sheets of a role and group are how far."""

    #: The rater role.
    role: str
    #: The group in which raters meet who is rated.
    group: str | None
    #: All sheets.
    sheets: int
    #: Those in which nothing is marked.
    untouched: int
    #: Those in which something is marked, and that are not submitted.
    started: int
    #: Those that are submitted.
    submitted: int


@dataclass(frozen=True)
class SubmittedSheet:
    """The submitted marks of one rater about one person in one role."""

    #: Who is rated.
    ratee: str
    #: The rater's role.
    role: str
    #: Who rated.
    rater: str
    #: By item of the appraisal the mark, or ``None`` where it was not marked, or not asked.
    marks: dict[str, str | None]


@dataclass(frozen=True)
class RefusedEvent:
    """An event that does not hold, kept with why."""

    #: What names the event.
    id: str
    #: ``mark``, ``clear``, ``submit``, ``withdraw`` or ``reopen``.
    event: str
    #: When it was made.
    time: str
    #: Whose it is.
    rater: str | None
    #: The id of the sheet.
    sheet: str | None
    #: The stable code of why it does not hold.
    code: str
    #: Why, in English.
    message: str
    #: Why, in Chinese.
    message_zh: str
    #: The whole event as a line of JSON.
    line: str


def _sheet(told: dict[str, Any]) -> Sheet:
    reopened = tuple(Reopening(**each) for each in told.pop("reopened"))
    items = tuple(SheetItem(**each) for each in told.pop("items"))
    return Sheet(outstanding=tuple(told.pop("outstanding")), reopened=reopened, items=items, **told)


class RatingRound:
    """A round of rating: its state is a function of the *set* of its events, whatever the order they come in.

    A verb gives the event as a line of JSON, which the caller keeps (appended to a file, in a database), or ``None``
    when nothing changed; what it must not do is a `DataError`, and changes nothing. ``at`` is the time of the caller's
    own clock, without a zone: a `datetime`, or text as ``"2026-10-05T09:30:00"``.

    >>> from kaohe import RatingRound, Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 民主测评
    ... inputs: { 工号: { type: text, key: true } }
    ... ratings:
    ...   测评:
    ...     stars: 5
    ...     items: [{ name: 服务, points: 60 }, { name: 协作, points: 40 }]
    ...     roles: { 上级: { weight: 100 } }
    ...     plan: [{ rated: 客户经理, raters: [上级] }]
    ... ''')
    >>> people = [("P1", "上级"), ("M1", "客户经理", "城东"), ("M2", "客户经理", "城东")]
    >>> round = RatingRound(scheme, people)
    >>> log = [round.open("人事部", at="2026-10-01T08:00:00")]
    >>> sheet = round.tasks("P1")[0]
    >>> log.append(round.mark("P1", sheet.id, "服务", 4, at="2026-10-01T09:00:00"))

    She leaves half-way, comes back, and sees what is outstanding.

    >>> round = RatingRound(scheme, people, log="\\n".join(log))
    >>> round.sheet(sheet.id).outstanding
    ('协作',)
    >>> line = round.mark("P1", sheet.id, "协作", "5", at="2026-10-02T09:00:00")
    >>> line = round.submit("P1", sheet.id, at="2026-10-02T09:01:00")
    >>> round.submitted()[0].marks
    {'服务': '4', '协作': '5'}
    >>> [task.ratee for task in round.tasks("P1")]
    ['M2']
    """

    __slots__ = ("_core", "_members", "_source")

    def __init__(
        self,
        scheme: Scheme,
        members: Iterable[Sequence[str | None]],
        *,
        rating: str | None = None,
        log: str | bytes = b"",
    ) -> None:
        """A round of a scheme.

        Args:
            scheme: the scheme with the appraisal.
            members: who has which role: person, role and, where there are groups, group.
            rating: the appraisal, when the scheme has several.
            log: the events so far, as lines of JSON in any order.

        Raises:
            DataError: for roles the plan does not have, people twice in one role, a line of the log that cannot be read,
                a log of another plan.
        """
        self._source = scheme.source
        self._members = json.dumps([list(row) for row in members], ensure_ascii=False)
        data = log.encode() if isinstance(log, str) else log
        self._core = _kaohe.RatingRound(self._source, self._members, rating, data)

    @classmethod
    def _again(cls, source: str, members: str, rating: str, log: str) -> RatingRound:
        round = object.__new__(cls)
        round._source, round._members = source, members
        round._core = _kaohe.RatingRound(source, members, rating, log.encode())
        return round

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._again, (self._source, self._members, self.rating, self.to_json_lines())

    def __repr__(self) -> str:
        return f"<kaohe.RatingRound {self.rating!r}, {'open' if self.is_open else 'not open'}>"

    @property
    def rating(self) -> str:
        """The name of the appraisal."""
        return self._core.rating()

    @property
    def fingerprint(self) -> str:
        """What raters are asked: two logs belong together when they have one."""
        return self._core.fingerprint()

    @property
    def is_open(self) -> bool:
        """Whether it was opened, and not closed since."""
        return self._core.is_open()

    @property
    def lost(self) -> Note | None:
        """What was lost of the log: a last line that was cut off while it was written."""
        return next((Note(**each) for each in json.loads(self._core.lost())), None)

    @property
    def notes(self) -> list[Note]:
        """What is doubtful: people whom nobody rates, or in a role fewer than there must be."""
        return [Note(**each) for each in self._ask("notes")]

    def _act(self, verb: str, at: str | datetime, device: str, **what: str) -> str | None:
        time = at.isoformat() if isinstance(at, datetime) else at
        request = {"do": verb, "at": time, "device": device, **what}
        return self._core.act(json.dumps(request, ensure_ascii=False))

    def _ask(self, question: str, **what: str | None) -> Any:
        return json.loads(self._core.ask(json.dumps({"ask": question, **what}, ensure_ascii=False)))

    def open(self, by: str, *, at: str | datetime, device: str = "python") -> str | None:
        """Opens the round; ``None`` when it is open."""
        return self._act("open", at, device, by=by)

    def close(self, by: str, *, at: str | datetime, device: str = "python") -> str | None:
        """Closes the round: marks of a later time do not hold. ``None`` when it is closed."""
        return self._act("close", at, device, by=by)

    def mark(
        self, rater: str, sheet: str, item: str, mark: str | int, *, at: str | datetime, device: str = "python"
    ) -> str | None:
        """Marks an item of a sheet, named by its id; ``None`` when the item has this mark.

        Raises:
            DataError: for a rater, sheet or item that is not there, another rater's sheet, a mark that is not on the
                scale, a sheet that is submitted, a round that is not open on that day.
        """
        return self._act("mark", at, device, rater=rater, sheet=sheet, item=item, mark=str(mark))

    def clear(
        self, rater: str, sheet: str, item: str, *, at: str | datetime, device: str = "python"
    ) -> str | None:
        """Takes the mark of an item away; ``None`` when it has none."""
        return self._act("clear", at, device, rater=rater, sheet=sheet, item=item)

    def submit(self, rater: str, sheet: str, *, at: str | datetime, device: str = "python") -> str | None:
        """Submits a sheet, which locks it; ``None`` when it is submitted.

        Raises:
            DataError: naming the items that are outstanding, unless the scheme says what an unmarked item means.
        """
        return self._act("submit", at, device, rater=rater, sheet=sheet)

    def withdraw(self, rater: str, sheet: str, *, at: str | datetime, device: str = "python") -> str | None:
        """Takes a submitted sheet back, by its rater."""
        return self._act("withdraw", at, device, rater=rater, sheet=sheet)

    def reopen(
        self, sheet: str, by: str, reason: str, *, at: str | datetime, device: str = "python"
    ) -> str | None:
        """Gives a submitted sheet back to its rater; who does it and why are kept."""
        return self._act("reopen", at, device, sheet=sheet, by=by, reason=reason)

    def sheets(self, rater: str | None = None) -> list[Sheet]:
        """The sheets of a rater, or all, in the order of the plan."""
        return [_sheet(each) for each in self._ask("sheets", rater=rater)]

    def tasks(self, rater: str) -> list[Sheet]:
        """What a rater still has to do: his sheets that are not submitted, in order."""
        return [_sheet(each) for each in self._ask("tasks", rater=rater)]

    def sheet(self, id: str) -> Sheet:
        """The sheet of that id."""
        return _sheet(self._ask("sheet", sheet=id))

    def sheet_of(self, rater: str, ratee: str, role: str | None = None) -> Sheet:
        """The sheet of a rater about a person, in a role when there are several."""
        return _sheet(self._ask("sheet", rater=rater, ratee=ratee, role=role))

    def progress(self) -> list[RoundProgress]:
        """How far the round is, by role and group."""
        return [RoundProgress(**each) for each in self._ask("progress")]

    def submitted(self) -> list[SubmittedSheet]:
        """The submitted sheets for scoring, by who is rated, role and rater."""
        return [SubmittedSheet(**each) for each in self._ask("submitted")]

    def refused(self) -> list[RefusedEvent]:
        """The events that do not hold, in their order, each with why."""
        return [RefusedEvent(**each) for each in self._ask("refused")]

    def insert(self, line: str) -> bool:
        """Takes an event of another device in, given as its line; whether it was new."""
        return self._core.insert(line)

    def merge(self, other: RatingRound) -> int:
        """Takes all events of another log of this round in; how many were new."""
        return self._core.merge(other._core)

    def to_json_lines(self) -> str:
        """All events as lines of JSON: rounds of the same events give the same text."""
        return self._core.to_json_lines()
