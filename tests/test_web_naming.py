"""What topics are called on pages."""

from feedsvc.web.naming import called, names


def test_a_subject_has_a_name_in_each_language_whichever_the_site_gave_it() -> None:
    assert called("politics", "Politics", "zh") == "政治"
    assert called("politics", "政治", "en") == "Politics"
    assert names("politics", "政治") == ("Politics", "政治")


def test_what_somebody_else_named_keeps_its_name_though_its_address_be_a_subject_s() -> None:
    assert called("politics", "Politics of Oderby", "zh") == "Politics of Oderby"
    assert names("quay", "Politics") == ("Politics",)
