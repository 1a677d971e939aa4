import codecs

import pytest

from feedsvc.extract import charset

SIMPLIFIED = "今天下午我们在公园里散步，天气很好。大家都说这里的新湖比去年更大了，水也清了许多。"
TRADITIONAL = "今天下午我們在公園裡散步，天氣很好。大家都說這裡的新湖比去年更大了，水也清了許多。"
GERMAN = "Die Größe der Straße überraschte die Gäste, die früh am Morgen über die Brücke kamen."
RUSSIAN = "Сегодня утром на площади открыли новый рынок, и жители города купили там первые яблоки."


def decoded(content: bytes, declared: str | None = None) -> charset.Decoded:
    found = charset.decode(content, declared)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((SIMPLIFIED, name) for name in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32")),
        *((TRADITIONAL, name) for name in ("utf-8", "big5", "gb18030")),
        *((GERMAN, name) for name in ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "utf-16")),
        *((RUSSIAN, name) for name in ("utf-8", "cp1251", "koi8-r")),
    ],
)
def test_a_text_is_read_without_a_declaration(text: str, encoding: str) -> None:
    found = decoded(text.encode(encoding))
    assert (found.text, found.lost) == (text, 0)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16-le", "utf-16le"), ("utf-16-be", "UTF-16BE"), ("gb18030", "gb2312"), ("gbk", " GBK ")],
)
def test_a_declared_charset_is_believed(encoding: str, declared: str) -> None:
    assert decoded(SIMPLIFIED.encode(encoding), declared).text == SIMPLIFIED


def test_a_charset_declared_in_a_page_is_believed() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">zażółć'
    assert decoded(page.encode("iso-8859-2")).text == page
    xml = '<?xml version="1.0" encoding="koi8-r"?><p>мир</p>'
    assert decoded(xml.encode("koi8-r")).text == xml


@pytest.mark.parametrize(
    "declared", ["latin-1", "gb2312", "no-such-charset", "base64", "unicode_escape", "x\0y", "utf-16"]
)
def test_utf_8_wins_over_a_wrong_declaration(declared: str) -> None:
    assert decoded(SIMPLIFIED.encode(), declared).text == SIMPLIFIED


def test_a_page_that_declares_utf_16_in_ascii_is_not_utf_16() -> None:
    assert decoded(b'<meta charset="utf-16"><p>Hello</p>').text.endswith("<p>Hello</p>")


def test_a_few_bytes_follow_their_declaration() -> None:
    assert decoded("联通".encode("gbk"), "gbk").text == "联通"


def test_latin_1_means_windows_1252() -> None:
    assert decoded(b"\x93quoted\x94", "iso-8859-1").text == "“quoted”"


def test_a_damaged_text_keeps_its_charset_and_counts_the_damage() -> None:
    found = decoded(SIMPLIFIED.encode()[:-1])
    assert (found.charset, found.lost) == ("utf-8", 1)
    found = decoded((SIMPLIFIED * 3).encode("gb18030") + b"\xff")
    assert (found.charset, found.lost) == ("gb18030", 1)


def test_a_written_replacement_character_is_no_damage() -> None:
    assert decoded(f"{SIMPLIFIED}\ufffd".encode()).lost == 0
    assert decoded(f"{SIMPLIFIED}\ufffd".encode() + b"\xff").lost == 1


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 text",
        b"\x7fELF",
        bytes(range(256)),
        b"a\0b\0\0c\0" * 9,
        b"\0" * 64,
        bytes(range(1, 20)) + b"text",
    ],
)
def test_binary_is_no_text(content: bytes) -> None:
    assert charset.decode(content) is None


def test_a_stray_control_character_does_not_make_a_text_binary() -> None:
    assert decoded(b"a text with one \0 in it, and quite long it is, as texts go").lost == 0


def test_a_mark_alone_is_an_empty_text() -> None:
    assert decoded(codecs.BOM_UTF8).text == ""
    assert decoded(b"").text == ""


def test_what_nothing_recognises_is_windows_1252() -> None:
    assert decoded(b"\xe9").text == "é"


CHINESE = "云溪镇的新图书馆上个月开馆了。馆里的书有八万册，来的人比去年多了一倍，有人从山后的村子走来。\n" * 3
HANT = "雲溪鎮的新圖書館上個月開館了。館裡的書有八萬冊，來的人比去年多了一倍，有人從山後的村子走來。\n" * 3
KOREAN = "가장 큰 다리가 다시 열렸다. 마을 사람들이 가게 앞에서 오래 기다렸다.\n" * 3
JAPANESE = "山のふもとの町に、あたらしい橋ができました。みんなでわたりにいきました。\n" * 3
MIXED = "• Fares\n• Times\n• “Сова” calls at noon, says Émile\n" * 4
QUOTED = "“We saw the river rise,” said the miller — and then it didn’t…\n" * 3


@pytest.mark.parametrize("text", [CHINESE, HANT, QUOTED, "A plain page about the mill.\n" * 3])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_page_reads_the_same_in_every_charset_that_holds_it(text: str, codec: str) -> None:
    if text == CHINESE and codec == "big5hkscs":
        text = text.encode("big5hkscs", "ignore").decode("big5hkscs")
    found = charset.decode(text.encode(codec))
    assert found is not None
    assert (found.text, found.lost) == (text, 0)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_korean_is_read_though_syllables_of_it_hold_zero_bytes(codec: str) -> None:
    assert decoded(KOREAN.encode(codec)).text == KOREAN


def test_zero_bytes_on_both_sides_are_no_korean() -> None:
    assert charset.decode(("\u9100\u6200\u7300ab cd ef" * 20).encode("utf-16-le")) is None


@pytest.mark.parametrize("text", [JAPANESE, RUSSIAN, MIXED], ids=["Japanese", "Russian", "mixed"])
def test_letters_that_big5_holds_besides_chinese_are_read(text: str) -> None:
    found = decoded(text.encode("big5hkscs"))
    assert (found.text, found.charset) == (text, "big5hkscs")


def test_marks_and_accents_that_a_chinese_machine_wrote_are_read() -> None:
    for text in ("Café “Zhū” \xa0opens\n" * 3, "• one\n□ two\n" * 5):
        found = charset.decode(text.encode("gb18030"))
        assert found is not None
        assert (found.text, found.charset) == (text, "gb18030")
