"""A scheme as a dictionary: written as text once, with every number as its exact digits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ._errors import DataError, refusal

#: Deeper than any scheme; a dictionary that holds itself ends here too.
DEPTH = 100


def scheme_text(document: Mapping[str, Any]) -> str:
    """The dictionary as a JSON document, which is what is read, kept and pickled."""
    return json.dumps(_plain(document, "", 0), ensure_ascii=False, indent=2)


def _refused(path: str, english: str, chinese: str) -> DataError:
    return refusal(
        "K0103",
        f"{path or 'the scheme'}: {english}",
        f"{path or '方案'}：{chinese}",
        "give maps, lists, text, numbers, dates and truth values",
        "请给出字典、列表、文本、数值、日期和是否",
        [path],
    )


def _plain(value: Any, path: str, depth: int) -> Any:
    """The value as JSON has it. A number becomes text: the key decides what a text means, and text loses no digit."""
    if depth > DEPTH:
        raise _refused(path.split(".", 3)[0], f"nested deeper than {DEPTH} levels", f"嵌套超过 {DEPTH} 层")
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Mapping):
        named = {_name(key, path): (key, each) for key, each in value.items()}
        if len(named) < len(value):
            raise _refused(path, "two keys are the same text", "两个键的文本相同")
        return {name: _plain(each, f"{path}.{name}" if path else name, depth + 1) for name, (_, each) in named.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, f"{path}.{at}", depth + 1) for at, each in enumerate(value)]
    if isinstance(value, datetime):
        raise _refused(path, "a date with a time of day is no calendar day", "带时刻的日期不是日历日期")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        return _digits(value, path)
    item = getattr(value, "item", None)
    if type(value).__module__ == "numpy" and callable(item) and getattr(value, "shape", None) == ():
        return _plain(float(str(value)) if value.dtype.kind == "f" else item(), path, depth + 1)
    name = "a fraction" if isinstance(value, Fraction) else f"a value of type `{type(value).__name__}`"
    raise _refused(path, f"{name} cannot be written in a scheme", f"`{type(value).__name__}` 类型的值不能写入方案")


def _name(key: Any, path: str) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    if isinstance(key, date) and not isinstance(key, datetime):
        return key.isoformat()
    raise _refused(path, f"a key of type `{type(key).__name__}` is no name", f"`{type(key).__name__}` 类型的键不是名称")


def _digits(number: int | float | Decimal, path: str) -> str:
    exact = Decimal(repr(float(number))) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite() or abs(exact.adjusted()) > 1000:
        raise _refused(path, f"`{number}` is no number a scheme can have", f"`{number}` 不是方案能用的数")
    return format(exact, "f")
