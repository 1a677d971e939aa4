"""Every page in `listings/` with a `.json` beside it is a case: the items that it must show, in order."""

import json
from pathlib import Path

import pytest

from feedsvc.extract.listing import links

CASES = sorted((Path(__file__).parent / "listings").glob("*.html"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_listing_shows_the_items_that_its_case_expects(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    found = links(path.read_bytes(), expected["base"])
    assert [item.url for item in found.items] == expected["links"]
    said = {item.url: item for item in found.items}
    titles = {url: said[url].title for url in expected.get("titles", {})}
    assert titles == expected.get("titles", {})
    dates = {url: when.isoformat() for url in expected.get("published", {}) if (when := said[url].published)}
    assert dates == expected.get("published", {})
    assert all(item.title for item in found.items)
