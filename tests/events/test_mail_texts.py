"""A group's own words: flat placeholders, filled in once, and refused where they mean nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core.errors import RuleViolation
from events.letters import event_letter, event_values
from events.mail_previews import preview
from events.mail_texts import MailKind, filled, mail_kinds, paragraphs, placeholder_values
from events.models import MailText
from events.services.mail_texts import create_mail_text, delete_mail_text, revise_mail_text
from outbox.templatetags.letters import linked
from registrations.letters import SAMPLE_TICKET, letter_values
from registrations.models import Registration
from registrations.states import State
from tests.factories import EventFactory, GroupFactory

GOING = "registration_going"
KIND = MailKind(GOING, "going", ("event", "name"))


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Hi {name}, see you at {event}", []),
        ("{event.__class__} {event.__init__.__globals__}", ["{event.__class__}", "{event.__init__.__globals__}"]),
        ("{{ settings }} {% load x %}", ["{ settings }", "{% load x %}"]),
        ("{} {0} {name!r} {name:>9} {Name}", ["{}", "{0}", "{name!r}", "{name:>9}", "{Name}"]),
        ("a { b } c", ["{ b }"]),
        ("a } b { c", []),
        ("{nobody} {nobody}", ["{nobody}"]),
    ],
)
def test_what_stands_in_braces_is_known_or_named(text, unknown):
    assert KIND.unknown(text) == unknown


def test_values_are_filled_in_once_and_the_rest_is_literal():
    values = {"name": "{event}", "event": "Talks"}
    text = "{name} at {event}, {event.__class__}, {{name}}, {} { %s %(name)s"
    assert filled(text, values) == "{event} at Talks, {event.__class__}, {{event}}, {} { %s %(name)s"


def test_paragraphs_are_parted_by_blank_lines_and_cleaned():
    assert paragraphs(" Hello,\r\n\r\n \t\r\ncome  early\x00\nand stay \n") == ["Hello,", "come early\nand stay"]


def test_nothing_has_no_paragraphs():
    assert paragraphs(" \n\n ") == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b\nc", "a &lt; b<br>c"),
        ("See https://a.example/x?y=1&z.", 'See <a class="lnk" href="https://a.example/x?y=1&amp;z" style="color:#2b3a9e;">https://a.example/x?y=1&amp;z</a>.'),
        ("javascript:alert(1) [x](javascript:1)", "javascript:alert(1) [x](javascript:1)"),
        ('https://a.example/"onclick=x', '<a class="lnk" href="https://a.example/" style="color:#2b3a9e;">https://a.example/</a>&quot;onclick=x'),
        ("看https://a.example/页。好", '看<a class="lnk" href="https://a.example/页" style="color:#2b3a9e;">https://a.example/页</a>。好'),
    ],
)  # fmt: skip
def test_plain_text_becomes_html_with_the_addresses_as_links(text, html):
    assert linked(text) == html


@pytest.fixture
def event(db):
    return EventFactory(title="NeurIPS", group=GroupFactory(name="TFDL"), venue__name="Loft")


def write(group, **fields):
    return create_mail_text(**{"group": group, "kind": GOING, "language": "en"} | fields)


def letter_in(language, event, **fields):
    mine = Registration(event=event, ticket=SAMPLE_TICKET, **({"name": "Bo", "state": State.GOING} | fields))
    with translation.override(language):
        return event_letter(GOING, letter_values(GOING, mine))


def test_a_letter_says_it_in_the_groups_words_and_keeps_facts_and_buttons(event):
    write(event.group, subject="See you: {event}", text="Hi {name},\n\n{venue} opens at {time}.\nhttps://a.example/")
    letter = letter_in("en", event)
    assert letter.subject == "See you: NeurIPS"
    assert letter.text.startswith("Hi Bo,\n\nLoft opens at 19:00.\nhttps://a.example/\n\nNeurIPS\nTFDL, meetup ")
    assert "Your place is confirmed" not in letter.text + letter.html
    assert ["Show my door code" in part for part in (letter.text, letter.html)] == [True, True]
    assert 'href="https://a.example/"' in letter.html


@pytest.mark.parametrize(
    ("fields", "subject", "opening"),
    [
        ({"subject": "See you"}, "See you", "Hello Bo,"),
        ({"text": "Hi."}, "You’re going: NeurIPS", "Hi."),
    ],
)
def test_what_is_left_empty_is_built_in(event, fields, subject, opening):
    write(event.group, **fields)
    letter = letter_in("en", event)
    assert (letter.subject, letter.text.splitlines()[0]) == (subject, opening)


def test_news_stay_behind_a_groups_words(event):
    write(event.group, kind="change_notice", text="Hi {name}, we are sorry.")
    with translation.override("en"):
        letter = event_letter("change_notice", event_values(event) | {"name": "Bo", "news": "cancelled"})
    assert letter.subject == "Cancelled: NeurIPS"
    assert letter.text.startswith("Hi Bo, we are sorry.\n\nThis event is cancelled.\n\nNeurIPS\n")
    assert letter.html.index("we are sorry") < letter.html.index("This event is cancelled.")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_mail_has_a_preview_even_without_any_event(db, now, language):
    letters = {
        kind.name: preview(kind, GroupFactory(), language=language, subject="", text="Hi {event}", now=now)
        for kind in mail_kinds()
    }
    empty = [name for name, letter in letters.items() if not letter.subject or "\nHi " not in f"\n{letter.text}"]
    assert (len(letters) > 15, empty) == (True, [])


def test_words_of_another_language_group_or_mail_are_not_taken(event):
    write(event.group, language="zh-hans", subject="Mine")
    write(event.group, kind="registration_waiting", subject="Mine")
    write(GroupFactory(), subject="Mine")
    assert letter_in("en", event).subject == "You’re going: NeurIPS"


def test_a_reader_without_a_usable_name_is_still_greeted(event):
    write(event.group, text="Hello {name},")
    assert letter_in("en", event, name="").text.startswith("Hello there,\n")


def test_a_name_in_ones_own_words_makes_neither_markup_nor_links(event):
    write(event.group, subject="{name}: {event}", text="Hi {name}")
    letter = letter_in("en", event, name="<a href=x>[click](https://evil.example)\r\nBcc: dee@evil.example")
    assert letter.subject == "a href x click https evil example Bcc dee evil example: NeurIPS"
    assert letter.text.startswith("Hi a href x click https evil example Bcc dee evil example\n")
    assert "evil.example" not in letter.html


def test_what_a_letter_has_nothing_to_say_about_is_left_out(event):
    write(event.group, kind="registration_offered", text="Until {offer_until}.")
    mine = Registration(event=event, ticket=SAMPLE_TICKET, name="Bo", state=State.GOING)
    with translation.override("en"):
        letter = event_letter("registration_offered", letter_values("registration_offered", mine))
    assert letter.text.startswith("Until .\n")


def test_without_a_place_the_venue_is_empty(event):
    event.venue = None
    with translation.override("en"):
        assert placeholder_values(event_values(event))["venue"] == ""


@pytest.mark.django_db
def test_a_mail_nobody_registered_asks_for_no_words(event, django_assert_num_queries):
    values = event_values(event)
    with django_assert_num_queries(1):  # the number of the meetup
        event_letter("reply_text", values)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"kind": "no_such", "subject": "x"}, "unknown_mail", "kind"),
        ({"subject": " ", "text": "\n"}, "no_words", "text"),
        ({"subject": "{event.__class__}"}, "unknown_placeholder", "subject"),
        ({"text": "{place_in_queue}"}, "unknown_placeholder", "text"),
        ({"kind": "change_notice", "subject": "Mine", "text": "Hi"}, "subject_tells_news", "subject"),
    ],
)
def test_words_that_could_not_be_sent_are_refused(event, fields, code, field):
    with pytest.raises(RuleViolation) as refused:
        write(event.group, **fields)
    assert (refused.value.code, refused.value.field, MailText.objects.count()) == (code, field, 0)


def test_the_refusal_names_what_is_wrong_and_what_is_there(event):
    with translation.override("en"), pytest.raises(RuleViolation) as refused:
        write(event.group, text="{x} {event.title}")
    assert refused.value.message == (
        "This mail cannot fill in {x}, {event.title}. It knows {event}, {group}, {date}, {time}, {venue}, {name}."
    )


def test_a_mail_has_one_wording_in_a_language(event):
    write(event.group, subject="One")
    with pytest.raises(ValidationError):
        write(event.group, subject="Two")


def test_words_are_revised_and_taken_back_and_the_past_is_kept(event):
    row = revise_mail_text(mail_text=write(event.group, subject="One", text="Hi"), text="Hello")
    assert (row.subject, row.text) == ("One", "Hello")
    delete_mail_text(mail_text=row)
    assert list(MailText.history.values_list("history_type", flat=True)) == ["-", "~", "+"]
