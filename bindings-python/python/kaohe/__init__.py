"""kaohe (考核): exact, explainable scoring.

A scheme turns facts about people into scores, grades and pay. Every figure is the correctly rounded exact result: never
rounded twice, never misjudged at a threshold because an intermediate quotient lost a digit.

>>> import kaohe
>>> scheme = kaohe.Scheme.parse('''
... kaohe: 1
... scheme: 存款考核
... rounding: { items: 2, totals: 2 }
... inputs:
...   工号:     { type: text, key: true }
...   日均存款: { type: number, unit: 万元, min: 0 }
...   存款任务: { type: number, unit: 万元, above: 0 }
... computed:
...   完成率: 日均存款 / 存款任务
... scores:
...   得分:
...     items:
...       存款: { weight: 100, completion: { of: 完成率, gate: 60%, cap: 120% } }
... ''')
>>> scheme.score_row({"工号": "007", "日均存款": "862.5", "存款任务": 1000})["得分"]
Decimal('86.25')
>>> scheme.score({"工号": ["007", "008"], "日均存款": [862.5, 599.99], "存款任务": [1000, 1000]}).frame["得分"]
[Decimal('86.25'), Decimal('0.00')]
"""

from ._errors import CellError, DataError, Diagnostic, KaoheError, Problem, SchemeError
from ._explanation import Explanation
from ._formula import Formula
from ._ratings import Agreement, RatingAgreement, RoleAgreement, Severity, agreement, severity
from ._report import Report
from ._result import ExamStatistics, Note, QuestionStatistics, Result
from ._round import RatingRound, RefusedEvent, Reopening, RoundProgress, Sheet, SheetItem, SubmittedSheet
from ._rows import Figure, Outcome
from ._scheme import CaseResult, Column, Detail, Difference, Input, Scheme
from ._stream import ScoredBatches

__all__ = [
    "Agreement",
    "CaseResult",
    "CellError",
    "Column",
    "DataError",
    "Detail",
    "Diagnostic",
    "Difference",
    "ExamStatistics",
    "Explanation",
    "Figure",
    "Formula",
    "Input",
    "KaoheError",
    "Note",
    "Outcome",
    "Problem",
    "QuestionStatistics",
    "RatingAgreement",
    "RatingRound",
    "RefusedEvent",
    "Reopening",
    "Report",
    "Result",
    "RoleAgreement",
    "RoundProgress",
    "Scheme",
    "SchemeError",
    "ScoredBatches",
    "Severity",
    "Sheet",
    "SheetItem",
    "SubmittedSheet",
    "__version__",
    "agreement",
    "severity",
]


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("kaohe")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# seen by people as kaohe's own, whichever file they stand in
for _each in [globals().get(_name) for _name in __all__]:
    if isinstance(_each, type):
        _each.__module__ = __name__
del _each
