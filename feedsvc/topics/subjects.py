"""The subjects: the 17 top-level IPTC Media Topics, with slugs of ours that never change.

Codes and scope are those of the IPTC NewsCodes "Media Topic" (http://cv.iptc.org/newscodes/mediatopic/),
© IPTC, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); the short names are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One subject; its slug is its URL for good."""

    code: str
    """`medtop:` and eight digits."""
    slug: str
    english: str
    chinese: str

    def name(self, language: str) -> str:
        """Return what people call it: in Chinese for a Chinese site, else in English."""
        return self.chinese if language.lower().partition("-")[0] == "zh" else self.english

    @property
    def names(self) -> tuple[str, ...]:
        """Return all that leads to it."""
        return self.english, self.chinese, self.code


def _subject(digits: str, slug: str, english: str, chinese: str) -> Subject:
    return Subject(code=f"medtop:{digits}000000", slug=slug, english=english, chinese=chinese)


SUBJECTS: Mapping[str, Subject] = {
    "01": _subject("01", "culture", "Arts, culture and media", "文化娱乐"),
    "02": _subject("02", "law", "Crime, law and justice", "法治"),
    "03": _subject("03", "disaster", "Disasters and accidents", "灾害事故"),
    "04": _subject("04", "economy", "Economy and business", "经济"),
    "05": _subject("05", "education", "Education", "教育"),
    "06": _subject("06", "environment", "Environment", "环境"),
    "07": _subject("07", "health", "Health", "健康"),
    "08": _subject("08", "human-interest", "Human interest", "人情趣闻"),
    "09": _subject("09", "labour", "Labour", "劳动就业"),
    "10": _subject("10", "lifestyle", "Lifestyle and leisure", "生活休闲"),
    "11": _subject("11", "politics", "Politics", "政治"),
    "12": _subject("12", "religion", "Religion", "宗教"),
    "13": _subject("13", "science", "Science and technology", "科技"),
    "14": _subject("14", "society", "Society", "社会"),
    "15": _subject("15", "sport", "Sport", "体育"),
    "16": _subject("16", "conflict", "Conflict, war and peace", "冲突与战争"),
    "17": _subject("17", "weather", "Weather", "天气"),
}
"""By the first two digits of their code, as the lexicon names them."""

CODES: Mapping[str, str] = {subject.slug: subject.code for subject in SUBJECTS.values()}
"""By slug."""
