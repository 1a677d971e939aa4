import inspect
import re
from collections.abc import Iterator

import pytest

from feedsvc import errors
from feedsvc.errors import ConfigurationError, FeedsvcError, RuleError, SourceError


def below(kind: type[FeedsvcError]) -> Iterator[type[FeedsvcError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from below(child)


def test_the_drawn_tree_names_every_error_there_is() -> None:
    drawn = set(re.findall(r"\w+Error\b", errors.__doc__ or ""))
    assert drawn == {kind.__name__ for kind in below(FeedsvcError)}
    assert drawn == {name for name, _ in inspect.getmembers(errors, inspect.isclass)}


def test_a_configuration_error_starts_with_where_it_stands() -> None:
    assert str(ConfigurationError("too short", where="feedsvc.toml:3")) == "feedsvc.toml:3: too short"
    assert str(ConfigurationError("too short")) == "too short"


def test_a_source_error_carries_its_source_and_its_reason() -> None:
    error = SourceError("town", "no such folder")
    assert (error.source, error.message) == ("town", "no such folder")
    assert str(error) == "source 'town': no such folder"


@pytest.mark.parametrize(
    ("rule", "position", "line", "columns"),
    [
        ("tax OR (", 7, "tax OR (", 7),
        ("税务 OR (", 6, "税务 OR (", 8),
        ("ＡＢ (", 3, "ＡＢ (", 5),
        ("cafe\u0301 (", 6, "cafe\u0301 (", 5),
        ("税务 OR\n  tax (", 12, "  tax (", 6),
        ("tax\n(\nmore", 4, "(", 0),
        ("\t\t(", 2, "  (", 2),
        ("tax", 3, "tax", 3),
    ],
)
def test_the_caret_stands_under_the_fault(rule: str, position: int, line: str, columns: int) -> None:
    error = RuleError("a word is missing", rule=rule, position=position, where="f:1")
    assert str(error) == f"f:1: a word is missing\n    {line}\n    {' ' * columns}^"
    assert (error.message, error.rule, error.position) == ("a word is missing", rule, position)
