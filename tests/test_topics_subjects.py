import re

from feedsvc.text import slug
from feedsvc.topics.subjects import SUBJECTS


def test_there_are_seventeen_subjects_with_codes_and_canonical_slugs() -> None:
    assert len({subject.slug for subject in SUBJECTS.values()}) == len(SUBJECTS) == 17
    for digits, subject in SUBJECTS.items():
        assert re.fullmatch(rf"medtop:{digits}0{{6}}", subject.code)
        assert slug(subject.slug) == subject.slug


def test_subjects_keep_their_slugs_for_good() -> None:
    assert [subject.slug for subject in SUBJECTS.values()] == [
        "culture", "law", "disaster", "economy", "education", "environment", "health", "human-interest",
        "labour", "lifestyle", "politics", "religion", "science", "society", "sport", "conflict", "weather",
    ]  # fmt: skip


def test_a_subject_is_called_as_the_site_speaks() -> None:
    society = SUBJECTS["14"]
    assert [society.name(language) for language in ("zh-Hans", "ZH", "en", "de")] == [
        "社会",
        "社会",
        "Society",
        "Society",
    ]
