"""How busy lists are."""

from datetime import timedelta

from feedsvc.store import LATEST, ListKey
from feedsvc.web.activity import DAYS, KEPT, Activity, Survey
from tests.builders import START, Town, article, topic, town

DAY = timedelta(days=1)


def activity(survey: Survey, place: Town, key: ListKey) -> Activity:
    edition = place.store.edition
    return survey.activity(edition, key, edition.lists[key])


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
    seen = activity(Survey(), place, LATEST)
    assert seen.count == 4
    assert (len(seen.days), seen.recent) == (DAYS, 3)
    assert (seen.days[0], seen.days[-1]) == (1, 2)  # what claims to be from tomorrow came today


def test_withdrawn_articles_do_not_count() -> None:
    place = busy()
    place.tick(withdrawn=[article(3).id], at=START)
    seen = activity(Survey(), place, ("topic", "社区"))
    assert (seen.count, seen.recent) == (1, 1)


def test_an_old_article_that_joined_last_hides_none_that_are_new() -> None:
    place = busy()
    place.tick(article(2, published=START - 60 * DAY, topics=(topic("社区"),)), at=START)
    assert activity(Survey(), place, ("topic", "社区")).recent == 2


def test_a_list_that_stayed_the_same_is_not_counted_again_and_a_new_day_counts_all() -> None:
    place, survey = busy(), Survey()
    before = survey.of(place.store.edition)
    assert survey.of(place.store.edition) is before
    place.tick(article(5, published=START), at=START + timedelta(hours=1))
    after = survey.of(place.store.edition)
    assert after["topic", "社区"] is before["topic", "社区"]
    assert after[LATEST] is not before[LATEST]
    place.tick(article(6, published=START), at=START + DAY)
    assert activity(survey, place, ("topic", "社区")).days[-2] == 1


def test_a_combination_is_counted_when_asked_for_and_again_when_it_is_another_or_the_day_is() -> None:
    place, survey, key = busy(), Survey(), ("topic", "a+b")
    edition = place.store.edition
    some, others = edition.lists[LATEST], edition.lists["topic", "社区"]
    first = survey.activity(edition, key, some)
    assert first.count == 4
    assert survey.activity(edition, key, some) is first
    assert survey.activity(edition, key, others).count == 2
    before = survey.activity(edition, key, some)
    place.tick(article(9), at=START + DAY)
    assert survey.activity(place.store.edition, key, some).days != before.days


def test_the_combinations_that_are_remembered_are_bounded() -> None:
    place, survey = busy(), Survey()
    edition = place.store.edition
    some = edition.lists[LATEST]
    first = survey.activity(edition, ("topic", "0+1"), some)
    for number in range(KEPT):
        survey.activity(edition, ("topic", f"{number + 1}+x"), some)
    assert survey.activity(edition, ("topic", "0+1"), some) is not first
