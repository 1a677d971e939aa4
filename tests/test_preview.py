"""What `extract` gathers: ids as in the feeds, failures told from what is left out by design."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.errors import SourceError
from feedsvc.extract import MEDIA_TYPES, article_id
from feedsvc.ingest import Intake
from feedsvc.model import Hints, Known
from feedsvc.preview import Preview
from feedsvc.sources import Folder, Scan
from feedsvc.topics import TopicRule, Topics, parse
from tests.builders import note
from tests.fakes import MemorySource


@pytest.fixture
def preview() -> Preview:
    """Return a preview that files what freezes under one topic."""
    rule = TopicRule(slug="cold", name="Cold", match=parse("froze"))
    return Preview(hints=Hints(source="", timezone="Asia/Shanghai"), topics=Topics(rules=(rule,)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a note at the top and one below."""
    town = tmp_path / "Town Hall"
    (town / "deep").mkdir(parents=True)
    (town / "lake.md").write_text(note("The lake froze"), encoding="utf-8")
    (town / "deep" / "bridge.md").write_text(note("The bridge is open"), encoding="utf-8")
    return town


def test_lines_come_in_the_order_of_paths_and_what_is_refused_comes_last(
    preview: Preview, folder: Path
) -> None:
    (folder / "a.jpg").write_bytes(b"\xff\xd8")
    told = list(preview.lines([folder / "deep" / "bridge.md", folder]))
    assert [line["document"] for line in told] == [
        f"{folder}/deep/bridge.md",
        f"{folder}/deep/bridge.md",
        f"{folder}/lake.md",
        f"{folder}/a.jpg",
    ]
    assert told[-1]["problems"] == ["unsupported: .jpg"]
    assert not preview.failed


def test_zone_topics_and_ids_are_those_of_serving_the_folder(preview: Preview, folder: Path) -> None:
    by_folder = {line["document"]: line for line in preview.lines([folder])}
    lake = by_folder[f"{folder}/lake.md"]
    assert lake["published"] == "2024-04-30T16:00:00Z"
    assert [topic["slug"] for topic in lake["topics"]] == ["cold", "environment"]
    (by_file,) = preview.lines([folder / "lake.md"])
    assert by_file == lake


def test_a_link_means_what_it_leads_to(preview: Preview, folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(folder / "lake.md")
    by_link, by_file = preview.lines([link, folder / "lake.md"])
    assert by_link == by_file | {"document": str(link)}


def test_a_document_that_fails_is_remembered(preview: Preview, folder: Path) -> None:
    (folder / "empty.txt").touch()
    (folder / "blob.txt").write_bytes(bytes(range(256)))
    told = {line["document"]: line["problems"] for line in preview.lines([folder])}
    assert told[f"{folder}/empty.txt"] == ["empty"]
    assert told[f"{folder}/blob.txt"][0].startswith("binary")
    assert preview.failed


def test_a_name_that_is_no_utf_8_can_be_told(preview: Preview, folder: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/na\xffme.md"))
    odd.write_text(note("An odd name"), encoding="utf-8")
    (line,) = preview.lines([odd])
    assert line["document"] == f"{folder}/na\\xffme.md"
    assert str(line).encode()


def test_a_file_that_is_gone_is_told(preview: Preview, tmp_path: Path) -> None:
    (line,) = preview.lines([tmp_path / "none.txt"])
    assert line == {
        "document": f"{tmp_path}/none.txt",
        "problems": ["unreadable: No such file or directory"],
    }
    assert preview.failed


def test_what_lies_in_a_configured_source_is_read_as_part_of_it(preview: Preview, folder: Path) -> None:
    source = Folder(name="hall", path=folder, media_types=MEDIA_TYPES)
    hints = Hints(source="hall", site_id="other", timezone="Asia/Tokyo")
    preview.sources = [Intake(source=source, hints=hints, interval=timedelta(minutes=5), topics=("Town",))]
    whole = {line["document"]: line for line in preview.lines([folder])}
    bridge = whole[f"{folder}/deep/bridge.md"]
    assert bridge["id"] == article_id("other", "hall", "deep/bridge.md")
    assert [topic["name"] for topic in bridge["topics"]] == ["Town", "deep"]
    assert bridge["published"] == "2024-04-30T15:00:00Z"
    assert list(preview.lines([folder / "deep"])) == [bridge]
    assert list(preview.lines([folder / "deep" / "bridge.md"])) == [bridge]


NOTICE = (
    "Write to the office by the bridge and tell us what you saw on your way to town, on any day you like."
)


def pages_of_a_site(folder: Path) -> list[Path]:
    """Write five pages saved as text with the same notice below."""
    folder.mkdir()
    for place in ("mill", "weir", "barn", "lake", "quay"):
        body = f"The {place} by the river opened again on Monday, and nobody noticed it until it was noon."
        Path(folder, f"{place}.txt").write_text(f"The {place} opens\n\n{body}\n{NOTICE}\n", encoding="utf-8")
    return sorted(folder.iterdir())


def test_what_a_folder_s_pages_share_is_left_out_as_serving_it_would(
    preview: Preview, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    paths = pages_of_a_site(folder)
    told = list(preview.lines([folder]))
    assert all("until it was noon" in line["text"] and NOTICE not in line["text"] for line in told)
    (alone,) = preview.lines(paths[:1])
    assert NOTICE in alone["text"]
    source = Folder(name="site", path=folder, media_types=MEDIA_TYPES)
    preview.sources = [Intake(source=source, hints=preview.hints, interval=timedelta(minutes=5))]
    assert [line["text"] for line in preview.lines(paths)] == [line["text"] for line in told]


class Unreadable(Folder):
    """A folder on a disk that fails."""

    def scan(self, known: Mapping[str, Known], now: datetime) -> Scan:
        raise SourceError(self.name, f"input/output error with {len(known)} known at {now}")


def test_a_folder_on_a_failing_disk_is_a_line_and_other_paths_are_read(
    preview: Preview, folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    source = Unreadable(name="broken", path=broken, media_types=MEDIA_TYPES)
    preview.sources = [
        Intake(source=MemorySource(), hints=Hints(source="web"), interval=timedelta(minutes=5)),
        Intake(source=source, hints=Hints(source="broken"), interval=timedelta(minutes=5)),
    ]
    first, last = preview.lines([broken, folder / "lake.md"])
    assert (first["title"], last["document"]) == ("The lake froze", str(broken))
    assert last["problems"][0].startswith("input/output error")
    assert preview.failed


def test_pictures_beside_a_document_have_the_address_they_would_be_served_at(
    preview: Preview, folder: Path
) -> None:
    (folder / "ice.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "lake.md").write_text(note("The lake froze") + "\n![Ice](ice.png)", encoding="utf-8")
    preview.base_url = "https://example.org/news"
    (line,) = preview.lines([folder / "lake.md"])
    uuid = line["id"].removeprefix("urn:uuid:")
    assert line["images"] == [f"https://example.org/news/articles/{uuid}/files/ice.png"]
    assert f'<img src="{line["images"][0]}" alt="Ice">' in line["html"]
