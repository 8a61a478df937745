"""The notebook among the examples runs from its first cell to its last, and says what it says."""

import pytest
from conftest import ROOT

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")


def shown(notebook):
    """What each cell of code shows as text; pictures are none."""
    return [
        "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_the_notebook_runs():
    path = ROOT / "examples" / "notebook" / "kaohe.ipynb"
    kept = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(path.parent))
    text = "\n".join(shown(notebook))
    assert "K0902" in text and "综合得分" in text and "Categorical" not in text.splitlines()[0]
    # the figures are exact, so they are those that stand in the file
    assert [line for line in shown(notebook) if "decimal128" not in line][-4:] == [
        line for line in shown(kept) if "decimal128" not in line
    ][-4:]
