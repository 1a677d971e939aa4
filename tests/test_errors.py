import inspect
import re
from collections.abc import Iterator

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


def test_a_rule_error_shows_the_rule_below_its_message() -> None:
    error = RuleError("a word is missing", pointed="    tax OR\n          ^", where="f:1")
    assert str(error) == "f:1: a word is missing\n    tax OR\n          ^"
    assert (error.message, error.pointed) == ("a word is missing", "    tax OR\n          ^")
