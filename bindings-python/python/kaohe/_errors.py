"""What can go wrong, and where: for the author of a scheme, for the caller, for one cell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

#: Diagnostics as the compiled part hands them over: JSON, and each rendered in English and Chinese.
Told = tuple[str, Sequence[tuple[str, str]]]

#: How many diagnostics the text of an error shows before it only counts them.
SHOWN = 20


def in_chinese(lang: str) -> bool:
    word = lang.lower().replace("_", "-").split("-")[0].split(".")[0]
    if word not in ("en", "zh"):
        raise ValueError(f"there is no language `{lang}`; there are `en` and `zh`")
    return word == "zh"


@dataclass(frozen=True)
class Diagnostic:
    """Something the author of a scheme should know, and where in the text.

    A code keeps its meaning for ever; the wording may change. Lines and columns count from 1, columns in characters.

    >>> from kaohe import Formula, SchemeError
    >>> try:
    ...     Formula("min(日均存款, ")
    ... except SchemeError as error:
    ...     found = error.diagnostics[0]
    >>> found.severity, found.line
    ('error', 1)
    """

    #: ``"error"`` when the scheme cannot be used, ``"warning"`` when it probably does not say what was meant.
    severity: str
    #: The stable code, as ``"K0301"``.
    code: str
    #: What is wrong, in English.
    message: str
    #: What is wrong, in Chinese.
    message_zh: str
    #: The way out, in English.
    help: str | None = None
    #: The way out, in Chinese.
    help_zh: str | None = None
    #: Where in the document, as keys joined by dots: ``"scores.综合得分.items.存款.weight"``.
    path: str = ""
    #: The line, or ``None`` when there is no text.
    line: int | None = None
    #: The column of the first character.
    column: int | None = None
    #: The column after the last character on that line.
    end_column: int | None = None
    #: The whole line.
    text: str | None = None
    #: The part of the line that is meant.
    underlined: str | None = None
    _rendered: tuple[str, str] | None = field(default=None, repr=False, compare=False)

    def render(self, lang: str = "en") -> str:
        """The diagnostic as text with the line it is about, the place underlined; ``lang`` is ``en`` or ``zh``."""
        chinese = in_chinese(lang)
        if self._rendered is not None:
            return self._rendered[chinese].rstrip("\n")
        return f"{self.severity}[{self.code}]: {self.message_zh if chinese else self.message}"

    def __str__(self) -> str:
        return self.render()


def diagnostics_of(told: Told) -> list[Diagnostic]:
    """The diagnostics the compiled part hands over."""
    found, rendered = told
    return [Diagnostic(**each, _rendered=(en, zh)) for each, (en, zh) in zip(json.loads(found), rendered, strict=True)]


@dataclass(frozen=True)
class Problem:
    """Why a cell is empty, or its figure provisional.

    >>> from kaohe import Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 例
    ... inputs:
    ...   工号: { type: text, key: true }
    ...   存款: { type: number }
    ...   任务: { type: number }
    ... computed:
    ...   完成率: 存款 / 任务
    ... ''')
    >>> problem, = scheme.score_row({"工号": "001", "存款": 5, "任务": 0}).problems
    >>> problem.column, problem.code, problem.message
    ('完成率', 'K0902', 'division by zero in `存款 / 任务`')
    """

    #: The column.
    column: str
    #: The stable code, as ``"K0902"``.
    code: str
    #: Why, in English.
    message: str
    #: Why, in Chinese.
    message_zh: str
    #: The column whose fault it is, when this one only reads it.
    blocked_by: str | None = None
    #: The line of the scheme that had no answer.
    line: int | None = None
    #: The column of that line.
    column_at: int | None = None
    #: The part of the line that had no answer.
    underlined: str | None = None
    #: The detail table in a row of which it was met.
    detail: str | None = None
    #: That row, from 1.
    detail_line: int | None = None
    #: The keys of the rows whose absence makes the figure provisional; it has a value then.
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.column}: {self.message} [{self.code}]"


def problems_of(told: str) -> list[Problem]:
    """The problems the compiled part hands over."""
    return [Problem(**(each | {"left_out": tuple(each["left_out"])})) for each in json.loads(told)]


class KaoheError(ValueError):
    """What every error of the library is."""


class SchemeError(KaoheError):
    """A scheme that cannot be used, with everything that is wrong with it, at once.

    >>> from kaohe import Scheme, SchemeError
    >>> try:
    ...     Scheme.parse("kaohe: 1\\nscheme: 例\\ninputs: { 工号: { type: text, key: true, unti: 元 } }")
    ... except SchemeError as error:
    ...     print(error.diagnostics[0].help)
    did you mean `unit`?
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(list(diagnostics))

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Everything that was found, warnings too, in the order of the text."""
        found: list[Diagnostic] = self.args[0]
        return found

    def render(self, lang: str = "en") -> str:
        """All of it as text, each with the line it is about and the place underlined; ``lang`` is ``en`` or ``zh``."""
        return "\n\n".join(found.render(lang) for found in self.diagnostics)

    def __str__(self) -> str:
        errors = sum(found.severity == "error" for found in self.diagnostics)
        more = len(self.diagnostics) - SHOWN
        parts = [f"the scheme has {errors} error{'' if errors == 1 else 's'}"]
        parts += [found.render() for found in self.diagnostics[:SHOWN]]
        if more > 0:
            parts.append(f"and {more} more in `.diagnostics`")
        return "\n\n".join(parts)

    @classmethod
    def _told(cls, found: str, rendered: Sequence[tuple[str, str]]) -> SchemeError:
        return cls(diagnostics_of((found, rendered)))


class DataError(KaoheError):
    """Tables, a row or values of a run that do not have what the scheme reads: one error that names every offender.

    >>> from kaohe import DataError, Formula
    >>> try:
    ...     Formula("存款 / 任务").evaluate({"存款": [1, 2], "任务": 1})
    ... except DataError as error:
    ...     print(error.offenders)
    ['存款']
    """

    def __init__(
        self,
        message: str,
        message_zh: str = "",
        code: str = "",
        help: str | None = None,
        help_zh: str | None = None,
        offenders: Sequence[str] = (),
    ) -> None:
        super().__init__(message, message_zh, code, help, help_zh, list(offenders))

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return str(self.args[0])

    @property
    def message_zh(self) -> str:
        """What is wrong, in Chinese."""
        return str(self.args[1])

    @property
    def code(self) -> str:
        """The stable code, as ``"K0801"``."""
        return str(self.args[2])

    @property
    def help(self) -> str | None:
        """The way out, in English."""
        way_out: str | None = self.args[3]
        return way_out

    @property
    def help_zh(self) -> str | None:
        """The way out, in Chinese."""
        way_out: str | None = self.args[4]
        return way_out

    @property
    def offenders(self) -> list[str]:
        """The columns, keys or rows it is about."""
        names: list[str] = self.args[5]
        return names

    def render(self, lang: str = "en") -> str:
        """The error as text in English or Chinese."""
        chinese = in_chinese(lang)
        message, way_out = (self.message_zh, self.help_zh) if chinese else (self.message, self.help)
        word = "建议" if chinese else "help"
        return f"[{self.code}] {message}" + (f"\n  = {word}: {way_out}" if way_out else "")

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]" + (f"; {self.help}" if self.help else "")

    @classmethod
    def _told(cls, told: str) -> DataError:
        return cls(**json.loads(told))


class CellError(KaoheError):
    """A formula that has no value for these facts.

    >>> from kaohe import CellError, Formula
    >>> try:
    ...     Formula("存款 / 任务").evaluate({"存款": 5, "任务": 0})
    ... except CellError as error:
    ...     print(error.code, error)
    K0902 division by zero in `存款 / 任务` [K0902]
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)

    @property
    def problem(self) -> Problem:
        """What is wrong, as a scheme would tell it of a cell."""
        found: Problem = self.args[0]
        return found

    @property
    def code(self) -> str:
        """The stable code, as ``"K0902"``."""
        return self.problem.code

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.problem.message

    @property
    def message_zh(self) -> str:
        """What is wrong, in Chinese."""
        return self.problem.message_zh

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"

    @classmethod
    def _told(cls, told: str) -> CellError:
        return cls(problems_of(told)[0])


def refusal(code: str, english: str, chinese: str, help: str, help_zh: str, offenders: Sequence[str] = ()) -> DataError:
    """A `DataError` of something found on the Python side."""
    return DataError(english, chinese, code, help, help_zh, offenders)
