"""How busy lists are."""

from datetime import timedelta

from feedsvc.store import LATEST
from feedsvc.web.activity import DAYS, Survey
from tests.builders import START, Town, article, topic, town

DAY = timedelta(days=1)


def busy() -> Town:
    place = town()
    place.tick(
        article(1, published=START - 29 * DAY, topics=(topic("社区"),)),
        article(2, published=START - 30 * DAY),
        article(3, published=START, topics=(topic("社区"),)),
        article(4, published=START + 3 * DAY),
    )
    return place


def test_articles_are_counted_by_their_day_and_older_ones_only_as_articles() -> None:
    place = busy()
    seen = Survey().activity(place.store.edition, LATEST)
    assert seen.count == 4
    assert (len(seen.days), seen.recent) == (DAYS, 3)
    assert (seen.days[0], seen.days[-1]) == (1, 2)  # what claims to be from tomorrow came today


def test_withdrawn_articles_do_not_count() -> None:
    place = busy()
    place.tick(withdrawn=[article(3).id], at=START)
    seen = Survey().activity(place.store.edition, ("topic", "社区"))
    assert (seen.count, seen.recent) == (1, 1)


def test_an_old_article_that_joined_last_hides_none_that_are_new() -> None:
    place = busy()
    place.tick(article(2, published=START - 60 * DAY, topics=(topic("社区"),)), at=START)
    assert Survey().activity(place.store.edition, ("topic", "社区")).recent == 2


def test_a_list_that_stayed_the_same_is_not_counted_again_and_a_new_day_counts_all() -> None:
    place, survey = busy(), Survey()
    before = survey.of(place.store.edition)
    assert survey.of(place.store.edition) is before
    place.tick(article(5, published=START), at=START + timedelta(hours=1))
    after = survey.of(place.store.edition)
    assert after["topic", "社区"] is before["topic", "社区"]
    assert after[LATEST] is not before[LATEST]
    place.tick(article(6, published=START), at=START + DAY)
    assert survey.activity(place.store.edition, ("topic", "社区")).days[-2] == 1


def test_a_list_that_the_store_does_not_keep_has_no_activity() -> None:
    assert Survey().activity(busy().store.edition, ("topic", "a+b")).count == 0
