from datetime import UTC, datetime

import pytest

from feedsvc import listed
from feedsvc.listed import Entry
from feedsvc.model import Enclosure


def test_an_entry_comes_back_from_its_document_as_it_was() -> None:
    entry = Entry(
        key="tag:osk.example,2026:1",
        title="“Quay”",
        html="<p>x</p>",
        published=datetime(2026, 11, 1, tzinfo=UTC),
        updated=datetime(2026, 11, 2),  # noqa: DTZ001 - no zone was written
        enclosures=(Enclosure(url="https://osk.example/a.mp3", media_type="audio/mpeg", length=5),),
    )
    assert listed.decoded(listed.encoded(entry)) == entry
    assert listed.encoded(entry) == listed.encoded(listed.decoded(listed.encoded(entry)))


@pytest.mark.parametrize("content", ["", "{", "{}", '{"key": 1}', "[]"])
def test_what_is_no_entry_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        listed.decoded(content)
