"""Who may be meant: names and links that agree are proposed, nobody is decided on."""

import pytest

from speakers.matching import Directory, Known, Match, is_full_name, link_key, link_prefixes, name_key

MARTIN = Known(1, "Martin Andrews", ("https://github.com/mdda", "https://redcatlabs.com"))
CY = Known(2, "Cy Ng")
OTHER_CY = Known(3, "cy ng")
LI = Known(4, "李茵")
DIRECTORY = Directory([MARTIN, CY, OTHER_CY, LI])


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Martin  Andrews", "martin andrews"),
        ("MARTIN ANDREWS.", "martin andrews"),
        ("José Núñez", "jose nunez"),
        ("Sprawit Saengkyongam (James)", "sprawit saengkyongam james"),
        ("“Ta”", "ta"),
        ("李茵", "李茵"),
        ("Ｃｙ", "cy"),
        ("ガ", "ガ"),
    ],
)
def test_spellings_of_one_name_share_a_key(written: str, key: str) -> None:
    assert name_key(written) == key


@pytest.mark.parametrize("name", ["Cy Ng", "李茵", "김철수"])
def test_a_full_name_tells_people_apart(name: str) -> None:
    assert is_full_name(name)


@pytest.mark.parametrize("name", ["Ta", "Luke", "“Ta”", "李", "", "José"])
def test_a_single_word_does_not(name: str) -> None:
    assert not is_full_name(name)


def test_addresses_are_compared_without_scheme_case_and_last_slash() -> None:
    assert link_key("HTTPS://www.GitHub.com/Mdda/#top") == link_key("http://github.com/mdda")


def test_an_address_that_is_none_is_only_like_itself() -> None:
    assert link_key("http://[") == "http://["


def test_a_query_belongs_to_the_address() -> None:
    assert link_prefixes("https://video.example/watch?v=1") == ["video.example/watch?v=1", "video.example/watch"]


def test_a_known_name_is_proposed() -> None:
    assert DIRECTORY.matches("martin andrews") == (Match(1, "name"),)


def test_two_people_of_one_name_are_both_proposed() -> None:
    assert DIRECTORY.matches("Cy Ng") == (Match(2, "name"), Match(3, "name"))


def test_a_known_link_is_proposed_whatever_the_name() -> None:
    assert DIRECTORY.matches("M. A.", ["https://github.com/mdda/deep-learning-workshop"]) == (Match(1, "link"),)


def test_a_home_page_speaks_for_itself_and_not_for_what_lies_below() -> None:
    assert DIRECTORY.matches("M. A.", ["https://redcatlabs.com/"]) == (Match(1, "link"),)
    assert DIRECTORY.matches("M. A.", ["https://redcatlabs.com/slides"]) == ()


def test_name_and_link_of_one_speaker_are_one_proposal() -> None:
    assert DIRECTORY.matches("Martin Andrews", ["https://github.com/mdda"]) == (Match(1, "name"),)


def test_a_stranger_is_nobody() -> None:
    assert DIRECTORY.matches("Dee", ["https://github.com/dee"]) == ()
