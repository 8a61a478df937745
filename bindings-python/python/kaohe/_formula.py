"""One formula on its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, overload

from . import _kaohe
from ._dictionary import scheme_text
from ._rows import facts


class Formula:
    """A formula, read and checked once and evaluated as often as you like.

    Nothing is rounded on the way: a third three times is one.

    >>> formula = Formula("min(日均存款 / 存款任务, 150%) * 100")
    >>> formula.names
    ('日均存款', '存款任务')
    >>> formula.evaluate({"日均存款": "1207.5", "存款任务": 1000})
    Decimal('120.75')
    >>> Formula("1 / 3 * 3").evaluate({})
    Decimal('1')

    What kind each name has follows from how it stands in the formula; where that does not say enough, ``types`` does,
    with ``number``, ``text``, ``bool``, ``date``, or a declaration as in a scheme:

    >>> level = Formula("if(级别 = “高级”, 1.2, 1)", types={"级别": {"type": "choice", "values": ["高级", "中级"]}})
    >>> level.evaluate({"级别": "高级"})
    Decimal('1.2')

    A formula compares and hashes by its text and types, and can be pickled.

    Raises:
        SchemeError: with everything that is wrong, each with its place in the formula.
    """

    __slots__ = ("_core", "_text", "_types")

    def __init__(self, text: str, types: Mapping[str, str | Mapping[str, Any]] | None = None) -> None:
        declared = {} if types is None else dict(types)
        self._text = text
        self._types = tuple(
            (name, each if isinstance(each, str) else scheme_text(each)) for name, each in declared.items()
        )
        self._core = _kaohe.Formula(text, list(self._types))

    @property
    def text(self) -> str:
        """The text it was read from."""
        return self._text

    @property
    def names(self) -> tuple[str, ...]:
        """The names it reads: declared ones first, then in the order they first stand in it."""
        return tuple(self._core.names())

    @overload
    def evaluate(
        self, row: Mapping[str, Any], exact: Literal[False] = ...
    ) -> Decimal | str | bool | date | None: ...

    @overload
    def evaluate(self, row: Mapping[str, Any], exact: Literal[True]) -> Fraction | str | bool | date | None: ...

    def evaluate(
        self, row: Mapping[str, Any], exact: bool = False
    ) -> Decimal | Fraction | str | bool | date | None:
        """The formula's value for these facts.

        A number is a `Decimal` with at most twelve decimals, correctly rounded from the exact value; with ``exact`` it
        is the exact value itself, as a `fractions.Fraction`. ``None`` is the value that is missing.

        >>> Formula("a / b").evaluate({"a": 2, "b": 3})
        Decimal('0.666666666667')
        >>> Formula("a / b").evaluate({"a": 2, "b": 3}, exact=True)
        Fraction(2, 3)

        Raises:
            CellError: when there is no value: a division by zero, a missing fact.
            DataError: when a fact is no value a cell can have, or a name looks misspelt.
        """
        return self._core.evaluate_exact(facts(row)) if exact else self._core.evaluate(facts(row))

    def __repr__(self) -> str:
        return f"Formula({self._text!r}, types={dict(self._types)!r})" if self._types else f"Formula({self._text!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Formula):
            return NotImplemented
        return (self._text, self._types) == (other._text, other._types)

    def __hash__(self) -> int:
        return hash((self._text, self._types))

    def __copy__(self) -> Formula:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Formula:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (Formula, (self._text, dict(self._types) or None))
