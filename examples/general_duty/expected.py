"""General-duty managers, worked out from the regulation: two of three, and all-round with examination and assessment.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, lines, table, write  # noqa: E402

CERTIFICATES = ["存款证", "贷款证", "理财证"]


def title(sheet):
    """The highest title all of whose conditions hold."""
    held = sheet["持证项数"]
    if held >= 2 and (sheet["考试"] or 0) >= 60 and sheet["岗位评估"]:
        return "全能"
    return "综合" if held >= 2 else "专岗" if held >= 1 else "无资格"


def people():
    everybody = [Sheet(cells) for cells in table(HERE / "staff.csv")]
    for sheet in everybody:
        for certificate in CERTIFICATES:
            sheet.truth(certificate, default=False)
        sheet.number("考试", least=0, most=100, default=None)
        sheet.truth("岗位评估", default=False)
        sheet["持证项数"] = sum(sheet[certificate] for certificate in CERTIFICATES)
        sheet.work("资格", lambda: title(sheet))
    for sheet in everybody:
        branch = [other for other in everybody if other.cells["网点"] == sheet.cells["网点"]]
        sheet["网点持证率"] = F(sum(other["持证项数"] > 0 for other in branch), len(branch))
        sheet["网点达标"] = sheet["网点持证率"] == 1
    return everybody


if __name__ == "__main__":
    columns = dict.fromkeys(["持证项数", "网点持证率", "网点达标", "资格"])
    write(HERE, {"expected.csv": lines("工号", columns, people())})
