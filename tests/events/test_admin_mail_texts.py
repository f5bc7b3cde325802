"""A group's own words in the admin: only its organisers, with a preview before and after saving."""

import pytest
from django.urls import reverse

from events.models import MailText
from events.services.mail_texts import create_mail_text
from registrations.letters import KINDS
from tests.admin_forms import ada_of, errors_on, save, signed_in
from tests.factories import EventFactory, GroupFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/events/mailtext/"
ADD = f"{LIST}add/"
PREVIEW = f"{LIST}preview/"
GOING = "registration_going"


@pytest.fixture
def group():
    return GroupFactory(name="TFDL")


@pytest.fixture
def words(group):
    return create_mail_text(group=group, kind=GOING, language="en", subject="See you: {event}", text="Hi {name}!")


def cast(group):
    """Bo is its host and may open the admin; Cy is a member; Dee organises another group."""
    bo, cy = UserFactory(name="Bo", is_staff=True), UserFactory(name="Cy")
    MembershipFactory(group=group, user=bo, role="host")
    MembershipFactory(group=group, user=cy)
    people = {"Ada": ada_of(group), "Bo": bo, "Cy": cy, "Dee": ada_of(GroupFactory(), name="Dee")}
    return {name: signed_in(user) for name, user in people.items()}


def test_only_organisers_of_the_group_reach_its_words(group, words):
    people = cast(group)
    change = reverse("admin:events_mailtext_change", args=[words.pk])
    past = reverse("admin:events_mailtext_history", args=[words.pk])
    asked = [f"{LIST}?group={group.pk}", change, past, f"{PREVIEW}?group={group.pk}&kind={GOING}&language=en"]
    answers = {name: [client.get(page).status_code for page in asked] for name, client in people.items()}
    assert answers == {
        "Ada": [200, 200, 200, 200],
        "Bo": [403, 403, 404, 404],
        "Cy": [302, 302, 302, 302],
        "Dee": [404, 302, 404, 404],
    }


def test_nobody_else_changes_them_either(group, words):
    people = cast(group)
    change = reverse("admin:events_mailtext_change", args=[words.pk])
    for name in ("Bo", "Cy", "Dee"):
        people[name].post(change, {"subject": "Mine", "text": ""})
        people[name].post(ADD, {"group": group.pk, "kind": GOING, "language": "zh-hans", "subject": "Mine", "text": ""})
    assert list(MailText.objects.values_list("subject", flat=True)) == ["See you: {event}"]


def test_the_list_tells_own_words_from_built_in_ones(group, words):
    rows = signed_in(ada_of(group)).get(LIST).context["rows"]
    own = {str(row["label"]): [cell["is_own"] for cell in row["cells"]] for row in rows}
    assert {label: cells for label, cells in own.items() if any(cells)} == {"going": [True, False]}
    assert "on the waitlist" in own


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_however_much_is_reworded(group, django_assert_num_queries, count):
    for kind in list(KINDS)[:count]:
        create_mail_text(group=group, kind=kind, language="en", subject="Mine")
    ada = signed_in(ada_of(group))
    with django_assert_num_queries(5):  # session, person, scope, groups, words
        ada.get(LIST)


def test_an_organiser_writes_rewords_and_goes_back(group):
    ada = signed_in(ada_of(group))
    save(ada, f"{ADD}?group={group.pk}&kind={GOING}&language=en", {"subject": "See you: {event}", "text": "Hi"})
    row = MailText.objects.get()
    assert (row.group, row.kind, row.language, row.subject, row.text) == (group, GOING, "en", "See you: {event}", "Hi")
    save(ada, reverse("admin:events_mailtext_change", args=[row.pk]), {"subject": ""})
    row.refresh_from_db()
    assert (row.subject, row.text, row.history.count()) == ("", "Hi", 2)
    ada.post(reverse("admin:events_mailtext_delete", args=[row.pk]), {"post": "yes"})
    assert MailText.objects.count() == 0


def test_what_cannot_be_filled_in_is_refused_on_its_field(group):
    ada = signed_in(ada_of(group))
    answer = save(ada, f"{ADD}?group={group.pk}&kind={GOING}&language=en", {"text": "Hi {event.__class__}"})
    assert list(errors_on(answer)) == ["text"]
    assert "{event.__class__}" in errors_on(answer)["text"][0]
    assert MailText.objects.count() == 0


def test_the_page_names_what_the_mail_fills_in(group):
    page = signed_in(ada_of(group)).get(f"{ADD}?group={group.pk}&kind=registration_waiting&language=en")
    names = [name for name, _meaning in page.context["placeholders"]]
    assert names == ["{event}", "{group}", "{date}", "{time}", "{venue}", "{name}", "{place_in_queue}"]
    assert "<code>{place_in_queue}</code>" in page.content.decode()


@pytest.mark.parametrize(("kind", "is_said"), [("change_notice", True), (GOING, False)])
def test_the_page_says_where_words_stand_in_front_of_news(group, kind, is_said):
    page = signed_in(ada_of(group)).get(f"{ADD}?group={group.pk}&kind={kind}&language=en")
    assert ("This mail tells news" in page.content.decode()) is is_said


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_preview_of_what_is_not_saved_changes_nothing(group, words, language):
    event = EventFactory(group=group, title="NeurIPS")
    typed = {"group": group.pk, "kind": GOING, "language": language, "subject": "Come to {event}", "text": "<b>Hi</b>"}
    page = signed_in(ada_of(group)).post(PREVIEW, typed)
    html = page.content.decode()
    assert f"<title>Come to {event.title}</title>" in html
    assert "&lt;b&gt;Hi&lt;/b&gt;" in html
    assert page["Content-Security-Policy"].endswith("sandbox")
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert list(MailText.objects.values_list("subject", flat=True)) == ["See you: {event}"]


def test_a_preview_of_what_is_saved_as_text_even_without_any_event(group, words):
    page = signed_in(ada_of(group)).get(f"{PREVIEW}?group={group.pk}&kind={GOING}&language=en&part=text")
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert page.content.decode().startswith("See you: Our next meetup\n\nHi Bo!\n")


@pytest.mark.parametrize("question", ["", "kind=no_such&language=en", f"kind={GOING}&language=xx", "group=x"])
def test_a_preview_of_what_does_not_exist_is_not_found(group, question):
    assert signed_in(ada_of(group)).get(f"{PREVIEW}?{question}").status_code == 404
