"""A telecom operator's quarter on a thousand points, worked out from the regulation with fractions.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, line, lines, table, write  # noqa: E402

ITEMS = ["收入得分", "保有得分", "合同得分", "回款得分", "服务得分"]
COLUMNS = {"收入完成率": None, "保有率": None, "回款率": None} | dict.fromkeys([*ITEMS, "总分"], 2)


def collections(rate):
    """150 from 98 %, 120 from 95 %, 60 from 90 %, and nothing below."""
    return F(next((points for least, points in (("0.98", 150), ("0.95", 120), ("0.9", 60)) if rate >= F(least)), 0))


def people():
    """Each account manager: five items, their sum, and nought after an event of safety or integrity."""
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        sheet.number("收入", least=0)
        sheet.number("收入目标", above=0)
        sheet.number("在网户数", least=0, whole=True)
        sheet.number("期初户数", above=0, whole=True)
        sheet.number("合同数", least=0, whole=True, default=F(0))
        sheet.number("应收账款", above=0)
        sheet.number("实收账款", least=0)
        sheet.number("服务评分", least=0, most=100)
        sheet.truth("安全事件", default=False)
        sheet.truth("廉洁事件", default=False)
        sheet.work("收入完成率", lambda: sheet["收入"] / sheet["收入目标"])
        sheet.work("保有率", lambda: sheet["在网户数"] / sheet["期初户数"])
        sheet.work("回款率", lambda: sheet["实收账款"] / sheet["应收账款"])
        sheet.work("收入得分", lambda: 400 * min(sheet["收入完成率"], F("1.3")), 2)
        sheet.work("保有得分", lambda: line([(F("0.95"), 0), (1, 200)], sheet["保有率"]), 2)
        sheet.work("合同得分", lambda: 15 * min(sheet["合同数"], 10), 2)
        sheet.work("回款得分", lambda: collections(sheet["回款率"]), 2)
        sheet.work("服务得分", lambda: sheet["服务评分"], 2)
        event = sheet["安全事件"] or sheet["廉洁事件"]
        sheet.work("总分", lambda: min(sum(sheet[item] for item in ITEMS), 0 if event else 10_000), 2)
        yield sheet


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", COLUMNS, people())})
