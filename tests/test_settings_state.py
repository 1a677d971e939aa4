from pathlib import Path

import pytest

from feedsvc.errors import ConfigurationError
from feedsvc.settings import load


def configured(folder: Path, toml: str) -> Path:
    (folder / "feedsvc.toml").write_text(toml, encoding="utf-8")
    return folder / "feedsvc.toml"


def test_the_journal_lies_beside_the_configuration_file(tmp_path: Path) -> None:
    config = configured(tmp_path, "")
    assert load({}, config=config).state.path == str(tmp_path / "feedsvc.db")
    assert load({}, config=config, sources=["town"]).state.path == str(tmp_path / "feedsvc.db")
    config = configured(tmp_path, '[state]\npath = "kept/news.db"\n')
    assert load({}, config=config).state.path == str(tmp_path / "kept" / "news.db")


def test_without_a_configuration_it_lies_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({}, sources=["town"]).state.path == "feedsvc.db"


def test_a_path_from_the_environment_is_taken_as_it_is(tmp_path: Path) -> None:
    config = configured(tmp_path, "")
    assert load({"FEEDSVC_STATE__PATH": "x.db"}, config=config).state.path == "x.db"
    assert load({"FEEDSVC_STATE__PATH": ":memory:"}, config=config).state.path == ":memory:"


def test_a_home_is_found_and_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    config = configured(tmp_path, '[state]\npath = "~/news.db"\n')
    assert load({}, config=config).state.path == str(Path("~/news.db").expanduser())
    config = configured(tmp_path, '[state]\npath = "~nobody-here/news.db"\n')
    with pytest.raises(ConfigurationError, match=r"feedsvc\.toml:2: state\.path"):
        load({}, config=config)


def test_a_wrong_path_is_told_with_what_would_be_right(tmp_path: Path) -> None:
    config = configured(tmp_path, "[state]\npath = 7\n")
    with pytest.raises(ConfigurationError, match=r'it is a file such as "feedsvc.db"'):
        load({}, config=config)
