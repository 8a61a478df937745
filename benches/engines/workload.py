"""The people of the workload, and by integer arithmetic what they must get; every bench here has them from this."""

import importlib.util
from pathlib import Path

import numpy

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "workload"

spec = importlib.util.spec_from_file_location("generate", EXAMPLE / "generate.py")
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)

PLACES, TIERS = generate.PLACES, generate.TIERS
FACTS = [column for column in generate.COLUMNS if column != "branch"]


def scheme(name="scheme.yaml"):
    """The text of one of the schemes."""
    return (EXAMPLE / name).read_text(encoding="utf-8")


def wanted(found):
    """What people must get: totals in hundredths, tiers by their place from the best, ranks within the branch."""
    total = (generate.exact_total(found) + 50) // 100
    return {"total": total, "tier": generate.tiers(total), "rank": generate.ranks(total, found["branch"])}


def people(rows):
    """Natural people as integers, with what they must get."""
    found = generate.natural(rows, numpy.random.Generator(numpy.random.PCG64(20260701)))
    return found, wanted(found)


def floats(found):
    return {name: found[name] / 10 ** PLACES.get(name, 0) for name in FACTS}
