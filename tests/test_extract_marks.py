import pytest

from feedsvc.extract import marks, vocabulary


@pytest.mark.parametrize("words", vocabulary.NOTICES)
@pytest.mark.parametrize("around", ["{}", "The mill: {}!", "云溪镇，{}。", "云溪镇 {} mill"])
def test_every_notice_is_found_in_either_script(words: str, around: str) -> None:
    assert words in marks.held_by(around.format(words.upper())).notices


@pytest.mark.parametrize("mark", ["|", "｜", " · ", " > "])
def test_every_separator_is_found(mark: str) -> None:
    assert mark in marks.held_by(f"新闻{mark}体育").separators
    assert mark in marks.held_by(f"News{mark}Sport").separators


@pytest.mark.parametrize("line", ["", "The mill opens again", "云溪镇新图书馆开馆", "Mühle"])
def test_most_lines_hold_none(line: str) -> None:
    assert marks.held_by(line) == ((), ())
