"""Customers by what they bring, worked out from the regulation with fractions: A to 80 %, B to 95 %, C the rest.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, lines, table, write  # noqa: E402

COLUMNS = {"名次": None, "占比": None, "累计占比": None, "之前占比": None, "户数占比": None, "价值分": 2, "类别": None}


def customers():
    """Every customer among all of them; who has no figure is left out of the others'."""
    everybody = [Sheet(cells) for cells in table(HERE / "staff.csv")]
    for sheet in everybody:
        sheet.number("贡献", least=0)
    all_of_them = [sheet["贡献"] for sheet in everybody if "贡献" in sheet]
    total = sum(all_of_them)
    for sheet in everybody:
        if "贡献" not in sheet:
            continue
        own = sheet["贡献"]
        before = [other for other in all_of_them if other > own]
        so_far = [other for other in all_of_them if other >= own]
        sheet["名次"] = 1 + len(before)
        sheet["占比"], sheet["累计占比"], sheet["之前占比"] = own / total, sum(so_far) / total, F(sum(before)) / total
        sheet["户数占比"] = F(len(so_far), len(all_of_them))
        sheet["价值分"] = F(100 * sum(other <= own for other in all_of_them), len(all_of_them))
        # the customer at whom 80 % is passed belongs to those before: what counts is what had been brought until then
        sheet["类别"] = "A" if sheet["之前占比"] < F("0.8") else "B" if sheet["之前占比"] < F("0.95") else "C"
    return everybody


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("客户号", COLUMNS, customers())})
