"""Reports of people and of teams."""

from __future__ import annotations

import html
import json
from typing import Any, Literal

from . import _kaohe
from ._errors import in_chinese

#: The forms a report is written in.
Format = Literal["md", "html", "json"]


class Report:
    """The report of a person, with every figure on the way, or of a team.

    >>> from kaohe import Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 例
    ... inputs:
    ...   工号: { type: text, key: true }
    ...   得分: { type: number }
    ... computed:
    ...   名次: rank(得分 desc ties min)
    ... ''')
    >>> result = scheme.score({"工号": ["001", "<002>"], "得分": [90, 95]})
    >>> report = result.report("<002>")
    >>> "&lt;002&gt;" in report.to_html()
    True
    >>> report.to_dict()["results"]
    ['名次']
    >>> result.team_report().to_dict()["everybody"]["people"]
    2
    """

    __slots__ = ("_core",)

    def __init__(self, core: _kaohe.Report) -> None:
        self._core = core

    def to_markdown(self, lang: str = "en") -> str:
        """The report as Markdown, as GitHub reads it; ``lang`` is ``en`` or ``zh``."""
        return self._core.to_markdown(in_chinese(lang))

    def to_html(self, lang: str = "en") -> str:
        """The report as a web page that needs nothing else, and prints on A4; names and cells are escaped."""
        return self._core.to_html(in_chinese(lang))

    def to_json(self) -> str:
        """The report as JSON, versioned, its numbers as exact text and its sentences in both languages."""
        return self._core.to_json()

    def to_dict(self) -> dict[str, Any]:
        """The report as data: what `to_json` writes."""
        data: dict[str, Any] = json.loads(self._core.to_json())
        return data

    def _repr_html_(self) -> str:
        return framed(self.to_html())

    def __str__(self) -> str:
        return self.to_markdown()

    def __repr__(self) -> str:
        data = self.to_dict()
        whose = data.get("key", "") if data["kind"] == "person" else f"{data['everybody']['people']} people"
        return f"<kaohe.Report of {data['scheme']!r}: {whose}>"


def written(report: Report, form: Format, lang: str) -> str:
    """A report in one of the forms."""
    if form == "md":
        return report.to_markdown(lang)
    if form == "html":
        return report.to_html(lang)
    if form == "json":
        return report.to_json()
    raise no_form(form)


def no_form(form: str) -> ValueError:
    return ValueError(f"there is no form `{form}`; there are `md`, `html` and `json`")


def framed(page: str) -> str:
    """A page within a notebook, whose style neither touches nor is touched by it."""
    source = html.escape(page, quote=True)
    return f'<iframe sandbox srcdoc="{source}" style="width: 100%; height: 40em; border: 1px solid #c8cdd3"></iframe>'
