"""The builder of combinations: topics chosen on a form become the address of a feed, and a count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from feedsvc.store import ArticleList, Edition, ListKey
from feedsvc.web.catalogue import Catalogue, Moved
from feedsvc.web.pages.shell import Offer

WITH, WITHOUT = 3, 2
"""Fields of the form; together as many parts as a combination may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody chose on the form."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    either: bool = False

    @property
    def expression(self) -> str:
        """The combination as it stands in an address."""
        negative = tuple(f"-{name}" for name in sorted(set(self.unwanted)))
        return ("," if self.either else "+").join((*sorted(set(self.wanted)), *negative))


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """The list that a choice leads to."""

    key: ListKey
    articles: ArticleList


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """The form as it is shown."""

    wanted: Sequence[str]
    """As it was typed."""
    unwanted: Sequence[str]
    either: bool
    names: Sequence[str]
    """Topics to suggest."""
    path: str = ""
    """Where the combination stands; "" where there is none."""
    link: str = ""
    told: str = ""
    """How many articles it has, or why there is none."""
    offers: Sequence[Offer] = ()
    fields: tuple[int, int] = (WITH, WITHOUT)


def typed(query: "MultiDict[str, str]", field: str, most: int) -> list[str]:
    """Return what stands in the fields of a form that begin with a name: `with`, `with2`, `with3`."""
    names = (field, *(f"{field}{number}" for number in range(2, most + 1)))
    return [written for name in names for written in query.getlist(name)][:most]


def chosen(query: "MultiDict[str, str]", slugs: Mapping[str, str]) -> Choice:
    """Return what a form says; names stand for their slugs."""

    def parts(field: str, most: int) -> tuple[str, ...]:
        written = (name.strip() for name in typed(query, field, most))
        return tuple(slugs.get(name, name) for name in written if name)

    return Choice(
        wanted=parts("with", WITH),
        unwanted=parts("without", WITHOUT),
        either=query.get("join") == "any",
    )


def combined(choice: Choice, edition: Edition, catalogue: Catalogue) -> Combined | str:
    """Return the list that a choice names, by its canonical address, or the phrase that says why not."""
    if not choice.wanted:
        return "combine empty"
    if choice.either and choice.unwanted:
        return "combine mixed"
    key: ListKey = ("topic", choice.expression)
    found = catalogue.find(edition, key)
    if isinstance(found, Moved):
        key = found.key
        found = catalogue.find(edition, key)
    return Combined(key=key, articles=found) if isinstance(found, ArticleList) else "combine none"
