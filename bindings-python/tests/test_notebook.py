"""The notebook among the examples runs from its first cell to its last, and says what it says."""

import pytest
from conftest import ROOT

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")


def printed(notebook):
    """What is printed, of every cell; tables look different from one pandas to the next."""
    return "".join(
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    )


def test_the_notebook_runs():
    path = ROOT / "examples" / "notebook" / "kaohe.ipynb"
    kept, notebook = nbformat.read(path, as_version=4), nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(path.parent))
    # the figures are exact and the people made by a seed, so they are those that stand in the file
    assert printed(notebook) == printed(kept)
    assert "综合得分 81.05" in printed(kept) and "people have another total" in printed(kept)
