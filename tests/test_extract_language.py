import pytest

from feedsvc.extract import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云溪镇新图书馆开馆，这里对所有居民开放。", "zh-Hans"),
        ("雲溪鎮新圖書館開館，這裡對所有居民開放。", "zh-Hant"),
        ("新しい図書館が開館しました。", "ja"),
        ("新図書館開館時間変更通知の" * 9, "zh-Hant"),
        ("図書館開館時間変更の" * 9, "ja"),
        ("一、云；二、溪：三、镇，四、馆。" * 9, "zh-Hans"),
        ("𠮷𠮷𠮷云溪镇新图书馆开馆", "zh-Hans"),
        ("云溪镇新图书馆 (opens on Monday)", "zh-Hans"),
        ("새 도서관이 문을 열었습니다.", "ko"),
        ("Открылась новая библиотека.", "ru"),
        ("افتتحت المكتبة الجديدة", "ar"),
        ("Άνοιξε η νέα βιβλιοθήκη", "el"),
        ("The new library in the old granary opened on Monday, and many people came.", "en"),
        ("Die neue Bücherei im alten Speicher wurde am Montag eröffnet, und viele kamen.", "de"),
        ("La nouvelle bibliothèque a ouvert ses portes lundi dans le vieux grenier.", "fr"),
        ("Hello", None),
        ("12 + 30", None),
    ],
)
def test_a_text_gives_its_language_away(text: str, expected: str | None) -> None:
    assert language.choose(text) == expected


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Short", ("en_us",), "en-US"),
        ("短文一篇", ("zh-CN",), "zh-Hans"),
        ("短文一篇", ("en",), "zh-Hans"),
        ("Короткий текст", ("uk",), "uk"),
        ("Короткий текст", ("en", "bg-BG"), "bg-BG"),
        ("Short", ("zh", "de"), "de"),
        ("Short", ("not a tag", None, ""), None),
        ("Short", ("sr-latn-rs",), "sr-Latn-RS"),
        ("Short", ("de-1996",), "de-1996"),
        ("如何用 async_generator_wrapper 和 contextlib_asynccontextmanager_factory 缓存", ("zh",), "zh"),
        ("100 %", ("zh",), "zh"),
    ],
)
def test_a_declared_language_holds_unless_the_script_says_otherwise(
    text: str, declared: tuple[str | None, ...], expected: str | None
) -> None:
    assert language.choose(text, *declared) == expected
