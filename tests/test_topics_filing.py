from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from feedsvc.model import Article, Assignment
from feedsvc.topics.filing import filed_under

WHEN = datetime(2024, 5, 1, tzinfo=UTC)
TOPIC = Assignment(slug="tax", name="Tax", source="rules", matched="减税")
OTHER = replace(TOPIC, slug="duty", name="Duty")
ARTICLE = Article(
    id="urn:uuid:0",
    source="town",
    key="a.txt",
    title="减税",
    text="减税",
    html="<p>减税</p>",
    summary="减税",
    published=WHEN,
    published_from="byline",
    updated=WHEN,
    authors=("Ada Lind",),
    topics=(OTHER,),
    held=(OTHER,),
    weight=7,
)


def test_an_article_gets_its_topics_and_keeps_all_else() -> None:
    assert filed_under(ARTICLE, (TOPIC,)) == replace(ARTICLE, topics=(TOPIC,), held=())
    assert filed_under(ARTICLE, (), (TOPIC,)) == replace(ARTICLE, topics=(), held=(TOPIC,))


def test_the_article_before_stays_as_it_was() -> None:
    before = replace(ARTICLE)
    filed_under(ARTICLE, (TOPIC,))
    assert before == ARTICLE


def test_every_field_is_there_and_frozen() -> None:
    filed = filed_under(ARTICLE, (TOPIC,))
    assert all(hasattr(filed, field.name) for field in fields(Article))
    with pytest.raises(AttributeError):
        filed.title = "other"  # type: ignore[misc]
