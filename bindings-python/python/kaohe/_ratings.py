"""Ratings by raters: how far they agree, and how severe each of them is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from . import _frames, _kaohe
from ._errors import Problem, problems_of
from ._frames import Figures, Table


class Agreement(Mapping[str, Decimal | None]):
    """How far raters agree: every figure by name, ``None`` where there is none, and `problems` says why.

    ``icc_1_1``, ``icc_2_1``, ``icc_3_1`` and ``icc_1_k``, ``icc_2_k``, ``icc_3_k`` are the intraclass correlations of Shrout
    and Fleiss; ``alpha_nominal``, ``alpha_ordinal``, ``alpha_interval`` and ``alpha_ratio`` Krippendorff's alpha, which alone
    takes ratings that are missing; ``kendall_w`` Kendall's W, corrected for ties.

    A figure is correctly rounded from its exact value, to twelve decimals.
    """

    __slots__ = ("_core", "_figures", "_told")

    def __init__(self, core: _kaohe.Agreement) -> None:
        self._core = core
        self._told: dict[str, Any] = json.loads(core.told())
        self._figures = {name: _decimal(text) for name, text in self._told["figures"].items()}

    @property
    def problems(self) -> list[Problem]:
        """Every figure that has no value, with the reason."""
        return problems_of(json.dumps(self._told["problems"]))

    @property
    def shown_rounded(self) -> frozenset[str]:
        """The names of the figures whose exact value has more decimals than they show."""
        return frozenset(self._told["shown_rounded"])

    @property
    def left_out(self) -> tuple[str, ...]:
        """The ratees left out of the intraclass correlations and of Kendall's W."""
        return tuple(self._told["left_out"])

    def exact(self, name: str) -> Fraction | None:
        """The exact value of a figure.

        Raises:
            KeyError: when there is no figure of this name.
        """
        if name not in self._figures:
            raise KeyError(name)
        return self._core.exact(name)

    def __getitem__(self, name: str) -> Decimal | None:
        return self._figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def __repr__(self) -> str:
        return f"Agreement({self._figures!r})"


@dataclass(frozen=True)
class RoleAgreement:
    """How far the raters of one role of an appraisal agree. Raters are counted, never named."""

    #: The role.
    role: str
    #: How many sheets are counted.
    sheets: int
    #: How many raters gave them.
    raters: int
    #: How many people they are about.
    ratees: int
    #: The agreement on what sheets come to, before any adjustment for severity.
    whole: Agreement
    #: The agreement on each item, by its name.
    items: Mapping[str, Agreement]


@dataclass(frozen=True)
class RatingAgreement:
    """How far the raters of an appraisal agree."""

    #: The appraisal.
    rating: str
    #: Its roles, but for those in which people rate themselves.
    roles: tuple[RoleAgreement, ...]
    #: The rows of sheets that are not counted, for a fault or because they do not say who gave them.
    left_out: tuple[int, ...]

    def __getitem__(self, role: str) -> RoleAgreement:
        """The role of that name.

        Raises:
            KeyError: when the appraisal has no such role, or people rate themselves in it.
        """
        for each in self.roles:
            if each.role == role:
                return each
        raise KeyError(role)


class Severity:
    """How severe each rater is, and ratings without it. Its tables are of the kind that came in."""

    __slots__ = ("_core", "_table", "_told")

    def __init__(self, core: _kaohe.Severity, table: Table) -> None:
        self._core = core
        self._table = table
        self._told: dict[str, Any] = json.loads(core.told())

    @property
    def frame(self) -> Any:
        """The ratings, in the rows and order in which they came: ``ratee``, ``rater``, ``rating``, ``adjusted``.

        ``adjusted`` is missing where there is no rating, and where the rater does not count.
        """
        return self._built("ratings", self._table.index)

    @property
    def raters(self) -> Any:
        """The raters: ``rater``, ``ratings`` (how many), ``mean``, ``effect``, ``factor``, ``counts``, ``group``.

        ``effect`` is how much higher the rater rates than others, negative for a severe one. ``factor`` is what the
        differences of the rater's ratings were multiplied with, 1 but for z-scores. Raters in one ``group`` are connected by
        ratees they share; severities of different groups were not compared.
        """
        return self._built("raters", None)

    @property
    def ratees(self) -> Any:
        """The ratees: ``ratee``, ``ratings`` (how many), ``mean``, and ``adjusted``, the mean of the adjusted ratings."""
        return self._built("ratees", None)

    @property
    def groups(self) -> int:
        """How many groups of raters there are that share no ratee."""
        groups: int = self._told["groups"]
        return groups

    @property
    def without_spread(self) -> tuple[str, ...]:
        """For z-scores the raters all of whose ratings are equal, or who have only one."""
        return tuple(self._told["without_spread"])

    @property
    def shown_rounded(self) -> frozenset[str]:
        """The columns, as ``"raters.effect"``, of which a figure has more decimals than are shown."""
        return frozenset(self._told["shown_rounded"])

    def exact_effects(self) -> dict[str, Fraction]:
        """The exact effect of each rater."""
        return dict(zip(self._told["raters"]["rater"], self._core.exact_effects(), strict=True))

    def _built(self, name: str, index: Any) -> Any:
        columns = [_figures(column, values) for column, values in self._told[name].items()]
        return _frames.BUILD[self._table.kind](_frames.Out(columns, index=index))

    def __repr__(self) -> str:
        return f"<Severity of {len(self._told['raters']['rater'])} raters, {len(self._told['ratees']['ratee'])} ratees>"


#: What the columns of tables hold that are no numbers with decimals.
KINDS = {"ratee": "text", "rater": "text", "ratings": "whole", "group": "whole", "counts": "bool"}


def _figures(name: str, values: list[Any]) -> Figures:
    kind = KINDS.get(name, "number")
    return Figures(name, kind, lambda: [_decimal(value) for value in values] if kind == "number" else values)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def agreement(
    frame: Any,
    *,
    ratee: str,
    rater: str,
    rating: str,
    incomplete: Literal["refuse", "leave_out"] | None = None,
) -> Agreement:
    """How far raters agree.

    ``frame`` has one rating in each row: a list of dictionaries, a dictionary of lists, or a pandas, polars or Arrow table;
    ``ratee``, ``rater`` and ``rating`` name its columns. A missing rating is no rating. Intraclass correlations and Kendall's
    W need every rater's rating of every ratee: otherwise they have no value, or, with ``incomplete="leave_out"``, are those
    of the ratees who have all.

    >>> import kaohe
    >>> sheets = [
    ...     {"被考核人": "甲", "考评人": "张", "得分": 90}, {"被考核人": "甲", "考评人": "王", "得分": 86},
    ...     {"被考核人": "乙", "考评人": "张", "得分": 75}, {"被考核人": "乙", "考评人": "王", "得分": 79},
    ...     {"被考核人": "丙", "考评人": "张", "得分": 60}, {"被考核人": "丙", "考评人": "王", "得分": None},
    ... ]
    >>> found = kaohe.agreement(sheets, ratee="被考核人", rater="考评人", rating="得分")
    >>> found["alpha_interval"], found["kendall_w"]
    (Decimal('0.824817518248'), None)
    >>> found.exact("alpha_interval")
    Fraction(113, 137)
    >>> found.problems[0].message
    'not every rater has rated these ratees: 丙'
    >>> kaohe.agreement(sheets, ratee="被考核人", rater="考评人", rating="得分", incomplete="leave_out")["kendall_w"]
    Decimal('1')

    Raises:
        DataError: when a column is not there, a rating is no number, or a ratee is rated twice by one rater.
    """
    return Agreement(_kaohe.Agreement(_frames.read(frame).parts(), (ratee, rater, rating), incomplete))


def severity(
    frame: Any,
    *,
    ratee: str,
    rater: str,
    rating: str,
    method: Literal["centring", "z_score", "additive"],
    without_spread: Literal["centre", "leave_out", "refuse"] | None = None,
    unconnected: Literal["refuse", "separate"] | None = None,
) -> Severity:
    """How severe each rater is, and ratings without it; ``frame`` and the names of its columns as for `agreement`.

    ``method`` is one of

    - ``"centring"``: less the rater's mean, plus the mean of all ratings;
    - ``"z_score"``: the differences from the rater's mean also brought to one standard deviation. A rater all of whose
      ratings are equal has none: ``without_spread`` says whether they become the mean of all (``"centre"``), do not count
      (``"leave_out"``) or nothing is adjusted (``"refuse"``);
    - ``"additive"``: less the rater's effect, by least squares over the ratees that raters share, so that it does not
      matter who rated whom. Raters whom no ratee connects cannot be compared: ``unconnected`` says whether nothing is
      adjusted (``"refuse"``) or each group in itself (``"separate"``).

    The first policy of each holds unless another is given. Everything is exact but for the one root of a z-score, which is
    rounded at twelve decimals.

    >>> import kaohe
    >>> sheets = {
    ...     "被考核人": ["甲", "乙", "乙", "丙"], "考评人": ["张", "张", "王", "王"], "得分": [80, 70, 80, 60],
    ... }
    >>> found = kaohe.severity(sheets, ratee="被考核人", rater="考评人", rating="得分", method="additive")
    >>> found.raters["effect"]
    [Decimal('-5'), Decimal('5')]
    >>> found.frame["adjusted"]
    [Decimal('85'), Decimal('75'), Decimal('75'), Decimal('55')]

    Raises:
        DataError: as for `agreement`; and when there is nothing to compare, as the policies say.
    """
    table = _frames.read(frame)
    core = _kaohe.Severity(table.parts(), (ratee, rater, rating), method, without_spread, unconnected)
    return Severity(core, table)
