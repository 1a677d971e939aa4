"""What topics are called in the language of a page: our own subjects have a name in each."""

from feedsvc.topics.subjects import SUBJECTS, Subject

_OURS = {(each.slug, name): each for each in SUBJECTS.values() for name in (each.english, each.chinese)}
"""By slug and name: a topic that merely shares the one is somebody else's."""


def called(slug: str, name: str, language: str) -> str:
    """Return a topic's name as a page shows it."""
    subject = _subject(slug, name)
    return subject.name(language) if subject else name


def names(slug: str, name: str) -> tuple[str, ...]:
    """Return every name that a page may show for a topic."""
    subject = _subject(slug, name)
    return (subject.english, subject.chinese) if subject else (name,)


def _subject(slug: str, name: str) -> Subject | None:
    return _OURS.get((slug, name))
