"""Why a figure is what it is."""

from __future__ import annotations

import json
from typing import Any

from . import _kaohe
from ._errors import in_chinese
from ._report import framed


class Explanation:
    """Why the figures of one person are what they are: the same computation, told step by step.

    >>> from kaohe import Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 例
    ... inputs:
    ...   工号: { type: text, key: true }
    ...   存款: { type: number }
    ...   任务: { type: number, above: 0 }
    ... computed:
    ...   完成率: { formula: 存款 / 任务, round: 4 }
    ... ''')
    >>> why = scheme.score_row({"工号": "007", "存款": 2415, "任务": 1000}).explain("完成率")
    >>> "= 2415 / 1000 = 2.415" in why.to_text()
    True
    >>> why.to_dict()["asked"]
    ['完成率']
    """

    __slots__ = ("_core",)

    def __init__(self, core: _kaohe.Explanation) -> None:
        self._core = core

    def to_text(self, lang: str = "en") -> str:
        """The explanation as text; ``lang`` is ``en`` or ``zh``."""
        return self._core.to_text(in_chinese(lang))

    def to_markdown(self, lang: str = "en") -> str:
        """The explanation as Markdown, as GitHub reads it."""
        return self._core.to_markdown(in_chinese(lang))

    def to_html(self, lang: str = "en") -> str:
        """The explanation as a web page that needs nothing else; names and cells are escaped."""
        return self._core.to_html(in_chinese(lang))

    def to_json(self) -> str:
        """The explanation as JSON, versioned, its numbers as exact text."""
        return self._core.to_json()

    def to_dict(self) -> dict[str, Any]:
        """The explanation as data: what `to_json` writes."""
        data: dict[str, Any] = json.loads(self._core.to_json())
        return data

    def _repr_html_(self) -> str:
        return framed(self.to_html())

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<kaohe.Explanation of {', '.join(self.to_dict()['asked'])}>"
