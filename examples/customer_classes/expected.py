"""Customers by level, worked out from the regulation with fractions.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, lines, table, write  # noqa: E402

SERVED = {"高级": "ABC", "客户经理": "BC", "助理": "C"}
CUSTOMERS = {"高级": 4, "客户经理": 5, "助理": 6}
MONEY = {"高级": 200000, "客户经理": 90000, "助理": 20000}
COLUMNS = {
    "服务户数": None, "越级户数": None, "计入贡献": None, "户数完成率": None, "贡献完成率": None,
    "户数": 2, "贡献": 2, "越级服务": None, "得分": 2,
}  # fmt: skip


def customers():
    """The customers of each manager, as far as their rows can be read."""
    mine = {}
    for cells in table(HERE / "客户.csv"):
        row = Sheet(cells)
        row.choice("类别", ["A", "B", "C"])
        row.number("贡献", least=0)
        mine.setdefault(cells["工号"], []).append(row)
    return mine


def first_fault(sheet, rows, columns):
    """The first cell that a figure over the rows cannot do without is told with its table."""
    for row in rows:
        for column in columns:
            for fault in row.faults:
                if fault.startswith(f"{column}:") and f"客户.{fault}" not in sheet.faults:
                    sheet.faults.append(f"客户.{fault}")
                    return


def people():
    mine = customers()
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        sheet.choice("级别", list(SERVED))
        rows = mine.get(cells["工号"], [])
        if "级别" in sheet:
            served = [row for row in rows if "类别" in row and row["类别"] in SERVED[sheet["级别"]]]
            first_fault(sheet, rows, ["类别"])
            first_fault(sheet, served, ["贡献"])
        sheet.work("服务户数", lambda: F(sum(row["类别"] in SERVED[sheet["级别"]] for row in rows)))
        sheet.work("越级户数", lambda: len(rows) - sheet["服务户数"])
        sheet.work(
            "计入贡献",
            lambda: F(sum(row["贡献"] for row in rows if row["类别"] in SERVED[sheet["级别"]])),
        )
        sheet.work("户数完成率", lambda: sheet["服务户数"] / CUSTOMERS[sheet["级别"]])
        sheet.work("贡献完成率", lambda: sheet["计入贡献"] / MONEY[sheet["级别"]])
        sheet.work("户数", lambda: 100 * min(sheet["户数完成率"], F(1)), 2)
        sheet.work("贡献", lambda: 100 * min(sheet["贡献完成率"], F("1.2")), 2)
        sheet.work("越级服务", lambda: max(F(-5 * sheet["越级户数"]), F(-20)))
        sheet.work("得分", lambda: (40 * sheet["户数"] + 60 * sheet["贡献"]) / 100 + sheet["越级服务"], 2)
        yield sheet


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", COLUMNS, list(people()))})
