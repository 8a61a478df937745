"""Reports: one call of the library each, in every form; that what they say is true is tested in Rust."""

import html.parser
import json
import xml.etree.ElementTree as ElementTree

import pytest
from kaohe import DataError, Report


def test_a_person_in_every_form(scheme, people):
    result = scheme.score(people)
    report = result.report("001")
    assert isinstance(report, Report)
    assert report.to_dict()["key"] == "001"
    assert report.to_dict()["explanation"] == result.explain("001").to_dict()
    score = str(result.frame[0]["得分"])
    assert f"<dd>{score}" in result.report("001", format="html", lang="zh") == report.to_html("zh")
    assert f"**{score}**" in result.report("001", format="md") == str(report)
    assert result.report("001", format="json") == report.to_json()
    assert "001" in repr(report)
    with pytest.raises(DataError, match="001"):
        result.report("0O1")
    with pytest.raises(ValueError, match="pdf"):
        result.report("001", format="pdf")


def test_everybody_in_one_text(scheme, people):
    result = scheme.score(people)
    assert [each["key"] for each in json.loads(result.reports(format="json"))] == ["001", "002", "003"]
    document = ElementTree.fromstring(result.reports(["003", "001"], lang="zh"))
    assert len(document.findall("body/article")) == 2
    assert result.reports([], format="md") == ""
    with pytest.raises(ValueError, match="pdf"):
        result.reports(format="pdf")


def test_a_team(scheme, people):
    result = scheme.score(people)
    team = result.team_report("等级").to_dict()
    assert team["everybody"]["people"] == 3
    assert team["teamless"] == ["002"]
    assert "# 存款考核" in result.team_report(format="md")
    with pytest.raises(DataError, match="等級"):
        result.team_report("等級")


def test_a_notebook_shows_pages(scheme, people):
    class Sources(html.parser.HTMLParser):
        def handle_starttag(self, tag, attributes):
            self.tag, self.source = tag, dict(attributes)["srcdoc"]

    result = scheme.score(people)
    for shown, page in [
        (result.report("001"), result.report("001").to_html()),
        (result.explain("001"), result.explain("001").to_html()),
    ]:
        sources = Sources()
        sources.feed(shown._repr_html_())
        assert (sources.tag, sources.source) == ("iframe", page)
    assert "- **得分**" in result.explain("001", "得分").to_markdown("zh")
