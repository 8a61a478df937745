"""Every example in the documentation of the package runs and shows what it says."""

import doctest

import pytest

import kaohe


def examples():
    yield from doctest.DocTestFinder(recurse=False).find(kaohe, "kaohe", module=False)
    finder = doctest.DocTestFinder()
    for name in kaohe.__all__:
        each = getattr(kaohe, name)
        if isinstance(each, type):
            yield from finder.find(each, f"kaohe.{name}", module=False, globs=dict(vars(kaohe)))


EXAMPLES = [each for each in examples() if each.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_example(example):
    told = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.FAIL_FAST)
    runner.run(example, out=told.append)
    assert runner.failures == 0, "".join(told)


def test_examples_are_found():
    assert {"kaohe", "kaohe.Scheme", "kaohe.Scheme.from_dict", "kaohe.Formula.evaluate"} <= {e.name for e in EXAMPLES}


def test_everything_public_is_documented():
    undocumented = []
    for name in kaohe.__all__:
        each = getattr(kaohe, name)
        if not isinstance(each, type):
            continue
        members = {f"{name}.{key}": value for key, value in vars(each).items() if not key.startswith("_")}
        for path, member in {name: each, **members}.items():
            documented = callable(member) or isinstance(member, (property, staticmethod, classmethod))
            if documented and not getattr(member, "__doc__", None):
                undocumented.append(path)
    assert undocumented == []
