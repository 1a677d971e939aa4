"""Front matter of Markdown: YAML between `---`, TOML between `+++` (the one place of PyYAML)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_LENGTH = 1 << 14  # characters; what people write there is a tenth of it
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A file in two parts; `fields` by case-folded name, `problem` says why there are none."""

    body: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None

    def first(self, *names: str) -> Any:  # noqa: ANN401 - people put anything there
        """Return the first of these fields that says something, or None."""
        return next((self.fields[name] for name in names if _says_something(self.fields.get(name))), None)


def split(file: str) -> FrontMatter:
    """Part a file's front matter from its body; broken front matter is a problem, not an error."""
    first, _, rest = file.lstrip("\ufeff").partition("\n")
    fence = first.rstrip()
    if fence not in _FENCES:
        return FrontMatter(body=file)
    block: list[str] = []
    remaining = rest.split("\n")
    for index, line in enumerate(remaining):
        if line.rstrip() in _FENCES[fence]:
            return _parsed(fence, "\n".join(block), "\n".join(remaining[index + 1 :]))
        block.append(line)
    return FrontMatter(body=file)  # a rule at the top of a page without front matter


def _parsed(fence: str, block: str, body: str) -> FrontMatter:
    if len(block) > _LENGTH:
        return FrontMatter(body=body, problem="front matter is too long")
    try:
        fields = _toml(block) if fence == "+++" else _yaml(block)
    except Exception as error:  # noqa: BLE001 - a parser's bug is one document's problem
        return FrontMatter(body=body, problem=f"front matter could not be read: {_short(error)}")
    if not isinstance(fields, Mapping):
        return FrontMatter(
            body=body, problem="front matter is no table of names and values" if fields else None
        )
    return FrontMatter(
        body=body, fields={str(name).strip().casefold(): value for name, value in fields.items()}
    )


def _toml(block: str) -> Any:  # noqa: ANN401 - see above
    return tomllib.loads(block)


def _yaml(block: str) -> Any:  # noqa: ANN401 - see above
    loader = _loader()(block)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


@cache
def _loader() -> "type[yaml.BaseLoader]":
    """Return a YAML loader without types and aliases: `Yes` stays a word, a bomb is an error."""
    import yaml  # noqa: PLC0415 - only documents with front matter need it

    class Plain(yaml.BaseLoader):
        def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("aliases are not allowed")
            return super().compose_node(parent, index)

    return Plain


def _says_something(value: Any) -> bool:  # noqa: ANN401 - see above
    return value is not None and value != [] and not (isinstance(value, str) and value.strip() in _NOTHING)


def strings(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - see above
    """Return a field as strings: a list's entries, a table's name, a scalar by itself."""
    if isinstance(value, list | tuple):
        return tuple(text for entry in value if not isinstance(entry, list) for text in strings(entry))
    if isinstance(value, Mapping):
        return strings(value.get("name"))
    if isinstance(value, date | datetime):
        return (value.isoformat(),)
    return (str(value),) if _says_something(value) else ()


def _short(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:200]
