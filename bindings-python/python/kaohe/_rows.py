"""One person's facts, and what comes out for one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from . import _kaohe
from ._errors import Problem, problems_of, refusal
from ._explanation import Explanation

#: What a figure is in Python; ``None`` where there is none.
Figure = Decimal | str | bool | date | None


def facts(row: Any) -> dict[str, Any]:
    """One person as a dictionary: of a dictionary, of any mapping, of a pandas row."""
    if isinstance(row, dict):
        return row
    if isinstance(row, Mapping):
        return dict(row)
    if hasattr(row, "to_dict") and hasattr(row, "index"):
        return dict(row.items())
    raise refusal(
        "K0103",
        f"a value of type `{type(row).__name__}` is no row",
        f"`{type(row).__name__}` 类型的值不是一行",
        "give a dictionary of column and value; a table goes to `score`",
        "请给出“列名：值”的字典；整张表请用 `score`",
    )


class Outcome(Mapping[str, Figure]):
    """What came out for one person: the figures by column, and for each that is absent the reason.

    It reads like a dictionary of the columns people are shown; any other column of the scheme can be asked for by name.
    A cell without a value is ``None``, and `problems` says why.

    >>> from kaohe import Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 例
    ... inputs:
    ...   工号: { type: text, key: true }
    ...   存款: { type: number }
    ... computed:
    ...   两倍: { formula: 存款 * 2, round: 2 }
    ... ''')
    >>> outcome = scheme.score_row({"工号": "001", "存款": "1.5"})
    >>> outcome["两倍"]
    Decimal('3.00')
    >>> outcome.figures
    {'工号': '001', '两倍': Decimal('3.00')}
    """

    __slots__ = ("_core",)

    def __init__(self, core: _kaohe.Outcome) -> None:
        self._core = core

    @property
    def figures(self) -> dict[str, Figure]:
        """The columns people are shown, in the order of the scheme."""
        return self._core.figures()

    @property
    def problems(self) -> list[Problem]:
        """Every empty cell with its reason: first the faults themselves, then what is blocked by them.

        A figure over a group of people is among them (K0921): one person alone has none.
        """
        return problems_of(self._core.problems())

    @property
    def is_complete(self) -> bool:
        """Whether every cell has come out."""
        return self._core.is_complete()

    @property
    def fingerprint(self) -> str:
        """What identifies the rules: the scheme's fingerprint."""
        return self._core.fingerprint()

    @property
    def as_of(self) -> date | None:
        """The day that counted."""
        return self._core.as_of()

    @property
    def given(self) -> dict[str, Figure]:
        """The values of the run, as they were given or by their defaults."""
        return self._core.given()

    def explain(self, column: str | None = None) -> Explanation:
        """Why a column is what it is, with everything it was computed from; without one, the whole row.

        Raises:
            DataError: when the scheme has no such column.
        """
        return Explanation(self._core.explain(column))

    def __getitem__(self, name: str) -> Figure:
        known, figure = self._core.get(name)
        if not known:
            raise KeyError(name)
        return figure

    def __iter__(self) -> Iterator[str]:
        return iter(self._core.figures())

    def __len__(self) -> int:
        return len(self._core.figures())

    def __repr__(self) -> str:
        return f"Outcome({self.figures!r})"
