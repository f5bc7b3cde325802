"""Speakers in the admin: changed by who organises all they appear in, their email seen by nobody else."""

import pytest
from django.urls import reverse

from speakers.models import Speaker, Topic
from tests.admin_forms import ada_of, errors_on, fields_of, save, signed_in
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def page_of(speaker: Speaker, page: str = "change") -> str:
    return reverse(f"admin:speakers_speaker_{page}", args=[speaker.pk])


def appearing(group, **fields) -> Speaker:
    speaker = SpeakerFactory(**fields)
    SessionFactory(event=EventFactory(group=group), speakers=[speaker])
    return speaker


def test_a_profile_is_changed_with_affiliations_links_and_topics():
    group, topic = GroupFactory(), TopicFactory()
    cy = appearing(group, name="Cy")
    answer = save(
        signed_in(ada_of(group)),
        page_of(cy),
        {"tagline": "Compilers", "languages": "en, zh-Hans", "topics": [topic.pk], "email": "cy@example.org"},
        affiliations=[{"organisation": "Red Dragon AI", "role": "CTO"}],
        links=[{"title": "Code", "url": "https://code.example/cy", "position": "0"}],
    )
    assert answer.status_code == 302
    cy.refresh_from_db()
    assert (cy.tagline, cy.languages, cy.email, list(cy.topics.all())) == (
        "Compilers",
        ["en", "zh-Hans"],
        "cy@example.org",
        [topic],
    )
    assert (str(cy.affiliations.get()), cy.links.get().url) == ("CTO, Red Dragon AI", "https://code.example/cy")


def test_who_appears_in_another_group_too_is_looked_at_only_and_without_the_email():
    hers = GroupFactory()
    cy = appearing(hers, email="cy@private.example")
    ada = signed_in(ada_of(hers))
    assert "cy@private.example" in ada.get(page_of(cy)).content.decode()
    TalkFactory(block=BlockFactory(), speakers=[cy])
    page = ada.get(page_of(cy))
    assert (page.status_code, "cy@private.example" in page.content.decode()) == (200, False)
    assert ada.post(page_of(cy), {"name": "x"}).status_code == 403
    assert ada.get(page_of(cy, "history")).status_code == 403
    version = reverse("admin:speakers_speaker_simple_history", args=[cy.pk, cy.history.latest().history_id])
    assert ada.get(version).status_code == 403


def test_an_email_is_not_found_by_searching_for_it():
    SpeakerFactory(name="Cy", email="cy@private.example")
    ada = signed_in(ada_of(GroupFactory()))
    page = ada.get(reverse("admin:speakers_speaker_changelist"), {"q": "private.example"})
    assert list(page.context["cl"].queryset) == []
    page = ada.get(reverse("admin:speakers_speaker_changelist"), {"email__startswith": "cy"})
    assert page.status_code == 400


def test_a_claimed_profile_is_its_owners():
    group = GroupFactory()
    cy = appearing(group, user=UserFactory())
    assert signed_in(ada_of(group)).post(page_of(cy), {"name": "x"}).status_code == 403


def test_an_organiser_cannot_say_who_a_profile_belongs_to_and_a_superuser_can():
    group, bo = GroupFactory(), UserFactory()
    cy = appearing(group)
    save(signed_in(ada_of(group)), page_of(cy), {"user": bo.pk})
    assert Speaker.objects.get().user is None
    save(signed_in(UserFactory(is_staff=True, is_superuser=True)), page_of(cy), {"user": bo.pk})
    assert Speaker.objects.get().user == bo


def test_somebody_a_programme_names_is_not_deleted():
    group = GroupFactory()
    cy = appearing(group)
    page = signed_in(ada_of(group)).post(page_of(cy, "delete"), {"post": "yes"})
    assert (page.status_code, Speaker.objects.count()) == (200, 1)


def test_a_selection_with_somebody_a_programme_names_in_it_is_not_deleted():
    root = signed_in(UserFactory(is_staff=True, is_superuser=True))
    cy, ta = appearing(GroupFactory()), SpeakerFactory()
    data = {"action": "delete_selected", "_selected_action": [cy.pk, ta.pk], "post": "yes"}
    root.post(reverse("admin:speakers_speaker_changelist"), data)
    assert Speaker.objects.count() == 2


def test_a_speaker_is_added_by_name_alone():
    ada = signed_in(ada_of(GroupFactory()))
    save(ada, reverse("admin:speakers_speaker_add"), {"name": "李茵"})
    assert Speaker.objects.values_list("name", "slug").get() == ("李茵", "李茵")


def test_another_speakers_email_is_refused():
    group = GroupFactory()
    SpeakerFactory(email="cy@example.org")
    cy = appearing(group)
    answer = save(signed_in(ada_of(group)), page_of(cy), {"email": "CY@example.org"})
    assert errors_on(answer) == {"": ["Another speaker has this email already."]}


def test_an_affiliation_that_ends_before_it_starts_is_refused_on_its_row():
    group = GroupFactory()
    cy = appearing(group)
    row = {"organisation": "X", "since_date": "2020-01-01", "until_date": "2019-01-01"}
    answer = save(signed_in(ada_of(group)), page_of(cy), {}, affiliations=[row])
    assert errors_on(answer) == {"affiliations-0": ["“Until” lies before “since”."]}


def test_an_untouched_profile_stays_as_it_is():
    group = GroupFactory()
    cy = appearing(group, languages=["en"], takes_remote=True)
    before = Speaker.objects.values().get(), cy.history.count()
    assert save(signed_in(ada_of(group)), page_of(cy), {}).status_code == 302
    assert (Speaker.objects.values().get(), cy.history.count()) == before


def test_a_topic_does_not_become_a_part_of_itself():
    learning = TopicFactory(name="Machine learning")
    xla = TopicFactory(name="XLA", parent=learning)
    root = signed_in(UserFactory(is_staff=True, is_superuser=True))
    answer = save(root, reverse("admin:speakers_topic_change", args=[learning.pk]), {"parent": xla.pk})
    assert errors_on(answer) == {"parent": ["A topic cannot be part of itself."]}
    assert Topic.objects.get(pk=learning.pk).parent is None


def test_the_form_of_a_view_only_page_holds_no_fields():
    cy = SpeakerFactory()
    fields = fields_of(signed_in(ada_of(GroupFactory())).get(page_of(cy)))
    assert "name" not in fields
