"""Who may open, see, change, add and delete what in the admin: asked for the whole cast, on every page."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from events.models import Event, Group, Membership, Organisation, Recap, Room, Series, Session, Venue
from lightning.models import Block, Talk
from speakers.models import Speaker, Topic
from tests.admin_forms import ada_of, fields_of, save, signed_in
from tests.factories import (
    BlockFactory,
    EventFactory,
    EventRoomFactory,
    GroupFactory,
    MembershipFactory,
    OrganisationFactory,
    RecapFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
OF_A_GROUP = ["event", "session", "recap", "series", "block", "talk", "group"]
SHARED = ["venue", "room", "organisation", "speaker", "topic"]
PAGES = ["change", "delete", "history"]


def rows_of(group: Group) -> dict[str, object]:
    """One row of everything that belongs to a group."""
    event = EventFactory(group=group, status="draft", title="Secret plan")
    session = SessionFactory(event=event, kind="lightning", title="Secret session")
    block = BlockFactory(session=session)
    return {
        "group": group,
        "event": event,
        "session": session,
        "block": block,
        "talk": TalkFactory(block=block, title="Secret talk"),
        "recap": RecapFactory(event=event),
        "series": SeriesFactory(group=group),
    }


def shared_row(name: str) -> object:
    """A row of a vocabulary that nobody uses."""
    factories = {
        "venue": VenueFactory,
        "room": RoomFactory,
        "organisation": OrganisationFactory,
        "speaker": SpeakerFactory,
        "topic": TopicFactory,
    }
    return factories[name]()


def address(row: object, page: str) -> str:
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[row.pk])


def list_of(row: object, page: str = "changelist") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}")


def listed(client: Client, row: object) -> list[object]:
    return list(client.get(list_of(row)).context["cl"].queryset)


def cast(group: Group) -> dict[str, Client]:
    """Ada organises the group; Bo is its host and may open the admin; Cy is a member; Dee organises another group."""
    bo, cy = UserFactory(name="Bo", is_staff=True), UserFactory(name="Cy")
    MembershipFactory(group=group, user=bo, role="host")
    MembershipFactory(group=group, user=cy)
    people = {"Ada": ada_of(group), "Bo": bo, "Cy": cy, "Dee": ada_of(GroupFactory(), name="Dee")}
    return {name: signed_in(user) for name, user in people.items()}


@pytest.mark.parametrize("name", OF_A_GROUP)
def test_a_list_shows_what_belongs_to_her_groups(name):
    rows, others = rows_of(GroupFactory()), rows_of(GroupFactory())
    ada, root = ada_of(rows["group"]), UserFactory(is_staff=True, is_superuser=True)
    assert listed(signed_in(ada), rows[name]) == [rows[name]]
    assert {row.pk for row in listed(signed_in(root), rows[name])} == {rows[name].pk, others[name].pk}


@pytest.mark.parametrize("name", OF_A_GROUP)
@pytest.mark.parametrize("page", PAGES)
def test_only_who_organises_the_group_opens_the_pages_of_its_rows(name, page):
    group = GroupFactory()
    row = rows_of(group)[name]
    answers = {who: client.get(address(row, page)) for who, client in cast(group).items()}
    statuses = {who: answer.status_code for who, answer in answers.items()}
    hers = 403 if (name, page) == ("group", "delete") else 200
    not_found = 404 if page == "history" and name not in ("recap", "series") else 302
    if (name, page) == ("group", "delete"):
        not_found = 403
    host = not_found if page == "history" else 403
    assert statuses == {"Ada": hers, "Bo": host, "Cy": 302, "Dee": not_found}
    assert answers["Cy"].url.startswith("/admin/login/")
    assert "Secret" not in answers["Dee"].content.decode()


@pytest.mark.parametrize("name", OF_A_GROUP)
def test_only_organisers_open_lists_and_add_pages(name):
    group = GroupFactory()
    row, clients = rows_of(group)[name], cast(group)
    assert {who: client.get(list_of(row)).status_code for who, client in clients.items()} == {
        "Ada": 200, "Bo": 403, "Cy": 302, "Dee": 200,
    }  # fmt: skip
    hers = 403 if name == "group" else 200
    assert {who: client.get(list_of(row, "add")).status_code for who, client in clients.items()} == {
        "Ada": hers, "Bo": 403, "Cy": 302, "Dee": hers,
    }  # fmt: skip


@pytest.mark.parametrize("name", OF_A_GROUP)
def test_a_forged_post_to_a_row_of_another_group_changes_nothing(name):
    row = rows_of(GroupFactory())[name]
    dee = signed_in(ada_of(GroupFactory()))
    before = type(row).objects.values().get(pk=row.pk)
    assert dee.post(address(row, "change"), {"title": "Mine", "name": "Mine", "notes": "Mine"}).status_code == 302
    assert dee.post(address(row, "delete"), {"post": "yes"}).status_code in (302, 403)
    dee.post(list_of(row), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert type(row).objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("name", ["event", "session", "block", "talk"])
def test_past_versions_are_read_by_todays_organisers_only_and_written_by_nobody(name):
    group = GroupFactory()
    row = rows_of(group)[name]
    page = reverse(
        f"admin:{row._meta.app_label}_{row._meta.model_name}_simple_history",
        args=[row.pk, row.history.latest().history_id],
    )
    clients = cast(group)
    assert {who: client.get(page).status_code for who, client in clients.items()} == {
        "Ada": 200, "Bo": 404, "Cy": 302, "Dee": 404,
    }  # fmt: skip
    assert clients["Ada"].post(page, {"title": "Back"}).status_code == 403
    assert clients["Ada"].get(page.removesuffix(f"{row.history.latest().history_id}/") + "x/").status_code == 403


def test_a_version_from_before_an_event_changed_hands_is_closed_to_who_gave_it_away():
    before, after = GroupFactory(), GroupFactory()
    event = EventFactory(group=before)
    version = event.history.latest().history_id
    event.group = after
    event.save()
    page = reverse("admin:events_event_simple_history", args=[event.pk, version])
    assert signed_in(ada_of(before)).get(page).status_code == 404
    assert signed_in(ada_of(after)).get(page).status_code == 200


@pytest.mark.parametrize("step", ["publish", "postpone", "cancel"])
def test_a_step_is_taken_by_organisers_of_the_group_only(step):
    group = GroupFactory()
    event = EventFactory(group=group, status="draft" if step == "publish" else "published")
    before, page = event.status, address(event, step)
    statuses = {who: client.post(page).status_code for who, client in cast(group).items() if who != "Ada"}
    event.refresh_from_db()
    assert (statuses, event.status) == ({"Bo": 302, "Cy": 302, "Dee": 302}, before)


def suggestions(client: Client, model: str, field: str, term: str = "") -> list[str] | int:
    app, name = model.split(".")
    query = {"app_label": app, "model_name": name, "field_name": field, "term": term}
    answer = client.get(reverse("admin:autocomplete"), query)
    return sorted(row["text"] for row in answer.json()["results"]) if answer.status_code == 200 else answer.status_code


def test_suggestions_hold_what_she_may_choose():
    hers, theirs = GroupFactory(name="Hers"), GroupFactory(name="Theirs")
    SeriesFactory(group=hers, title="Her series")
    SeriesFactory(group=theirs, title="Their series")
    EventFactory(group=hers, title="Her draft", status="draft")
    EventFactory(group=theirs, title="Their draft", status="draft")
    EventFactory(group=theirs, title="Their summit")
    EventFactory(group=GroupFactory(is_listed=False), title="Their unlisted evening")
    clients = cast(hers)
    ada = clients["Ada"]
    assert suggestions(ada, "events.event", "group") == ["Hers"]
    assert suggestions(ada, "events.event", "series") == ["Her series"]
    assert suggestions(ada, "events.session", "event") == ["Her draft"]
    assert suggestions(ada, "events.event", "related_event") == ["Her draft", "Their summit"]
    assert suggestions(clients["Bo"], "events.event", "group") == 403
    assert suggestions(clients["Cy"], "events.event", "group") == 302
    assert suggestions(clients["Dee"], "events.event", "series") == []


@pytest.mark.parametrize(
    ("model", "field", "factory"),
    [
        ("events.event", "venue", VenueFactory),
        ("events.event", "topics", TopicFactory),
        ("events.eventhost", "organisation", OrganisationFactory),
        ("events.room", "venue", VenueFactory),
        ("events.session", "speakers", SpeakerFactory),
        ("lightning.talk", "speakers", SpeakerFactory),
    ],
)
def test_shared_vocabularies_are_suggested_by_name(model, field, factory):
    factory(name="Needle")
    factory(name="Hay")
    ada = signed_in(ada_of(GroupFactory()))
    assert suggestions(ada, model, field, "need") == ["Needle"]
    assert suggestions(ada, model, field) == ["Hay", "Needle"]


def test_sessions_of_public_events_may_be_picked_and_drafts_of_others_not():
    hers = GroupFactory()
    SessionFactory(event=EventFactory(group=hers, status="draft"), title="My own")
    SessionFactory(event=EventFactory(status="draft"), title="Their secret")
    SessionFactory(event=EventFactory(), title="Their keynote")
    assert suggestions(signed_in(ada_of(hers)), "events.session", "picked_from") == ["My own", "Their keynote"]


def test_no_field_suggests_people_to_an_organiser():
    ada = signed_in(ada_of(GroupFactory()))
    UserFactory(name="Bo")
    assert [suggestions(ada, *field) for field in (("events.membership", "user"), ("speakers.speaker", "user"))] == [
        403,
        403,
    ]


@pytest.mark.parametrize(
    "query",
    [{}, {"app_label": "no"}, {"app_label": "events", "model_name": "event", "field_name": "title"}],
)
def test_a_made_up_suggestion_is_refused(query):
    assert signed_in(ada_of(GroupFactory())).get(reverse("admin:autocomplete"), query).status_code == 403


@pytest.mark.parametrize(("field", "row"), [("group", GroupFactory), ("series", SeriesFactory)])
def test_a_foreign_row_posted_as_a_choice_is_refused(field, row):
    event = EventFactory()
    answer = save(signed_in(ada_of(event.group)), address(event, "change"), {field: row().pk})
    (text,) = answer.context["adminform"].form.errors[field]
    assert text == "Select a valid choice. That choice is not one of the available choices."


def test_a_session_of_another_event_cannot_be_slipped_into_the_programme():
    event, theirs = EventFactory(), SessionFactory(title="Theirs")
    SessionFactory(event=event, title="Hers")
    ada = signed_in(ada_of(event.group))
    data = fields_of(ada.get(address(event, "change"))) | {"sessions-0-id": theirs.pk, "sessions-0-title": "Mine now"}
    assert ada.post(address(event, "change"), data).status_code == 200
    assert sorted(Session.objects.values_list("title", flat=True)) == ["Hers", "Theirs"]


def test_a_new_event_cannot_be_put_into_a_group_of_others():
    theirs = GroupFactory()
    times = {"starts_at": "2027-01-21T19:00", "ends_at": "2027-01-21T21:00"}
    ada = signed_in(ada_of(GroupFactory()))
    answer = save(ada, reverse("admin:events_event_add"), {"group": theirs.pk, "title": "Mine", **times})
    assert (answer.status_code, Event.objects.count()) == (200, 0)


@pytest.mark.parametrize("name", SHARED)
def test_organisers_see_the_shared_vocabularies_and_add_to_them(name):
    row, clients = shared_row(name), cast(GroupFactory())
    for page in (address(row, "change"), list_of(row), list_of(row, "add")):
        assert {who: client.get(page).status_code for who, client in clients.items()} == {
            "Ada": 200, "Bo": 403, "Cy": 302, "Dee": 200,
        }  # fmt: skip


@pytest.mark.parametrize("name", SHARED)
def test_what_nobody_of_hers_uses_or_added_she_may_only_look_at(name):
    row = shared_row(name)
    ada = signed_in(ada_of(GroupFactory()))
    assert ada.post(address(row, "change"), {"name": "Mine"}).status_code == 403
    assert ada.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    assert type(row).objects.get(pk=row.pk).name == row.name


@pytest.mark.parametrize("name", ["venue", "organisation", "speaker"])
def test_what_she_added_she_may_change_until_another_group_uses_it(name):
    group = GroupFactory()
    ada = signed_in(ada_of(group))
    model = {"venue": Venue, "speaker": Speaker, "organisation": Organisation}[name]
    save(ada, list_of(model(), "add"), {"name": "New one", "time_zone": "Asia/Singapore"})
    row = model.objects.get(name="New one")
    assert save(ada, address(row, "change"), {"name": "Better one"}).status_code == 302
    theirs = EventFactory(venue=row if name == "venue" else VenueFactory())
    if name == "speaker":
        SessionFactory(event=theirs, speakers=[row])
    if name == "organisation":
        theirs.event_hosts.create(organisation=row)
    assert ada.post(address(row, "change"), {"name": "Mine"}).status_code == 403
    assert model.objects.get(pk=row.pk).name == "Better one"


def test_a_venue_and_its_rooms_are_changed_by_the_only_group_that_meets_there():
    event_room = EventRoomFactory()
    venue, room, group = event_room.event.venue, event_room.room, event_room.event.group
    ada, dee = signed_in(ada_of(group)), signed_in(ada_of(GroupFactory()))
    assert save(ada, address(venue, "change"), {"name": "Library"}).status_code == 302
    assert save(ada, address(room, "change"), {"name": "Attic"}).status_code == 302
    assert [dee.post(address(row, "change"), {"name": "x"}).status_code for row in (venue, room)] == [403, 403]
    assert (Venue.objects.get().name, Room.objects.get().name) == ("Library", "Attic")


def test_topics_are_kept_in_order_by_superusers_alone():
    topic = TopicFactory()
    ada, root = signed_in(ada_of(GroupFactory())), signed_in(UserFactory(is_staff=True, is_superuser=True))
    assert ada.post(address(topic, "change"), {"name": "x"}).status_code == 403
    assert save(root, address(topic, "change"), {"name": "Better"}).status_code == 302
    assert Topic.objects.get().name == "Better"


def test_who_is_only_staff_finds_an_empty_house():
    bo = signed_in(UserFactory(is_staff=True))
    page = bo.get(reverse("admin:index"))
    pages = [model["object_name"] for app in page.context["app_list"] for model in app["models"]]
    assert (page.status_code, pages, page.context["organises_something"]) == (200, ["ApiToken"], False)


def test_somebody_who_stops_organising_loses_everything_at_once():
    group = GroupFactory()
    ada = ada_of(group)
    event = EventFactory(group=group)
    client = signed_in(ada)
    assert client.get(address(event, "change")).status_code == 200
    Membership.objects.filter(user=ada).update(role="member")
    assert client.get(address(event, "change")).status_code == 403


def test_every_page_of_ours_is_guarded_by_role():
    """A model that is registered without our base classes would follow Django's permission tables."""
    ours = {"events", "lightning", "registrations", "speakers"}
    guarded = {model for model, page in admin.site._registry.items() if hasattr(page, "may_change")}
    registered = {model for model in admin.site._registry if model._meta.app_label in ours}
    assert guarded == registered
    assert {Event, Group, Series, Session, Recap, Block, Talk, Speaker, Topic, Venue, Room} <= guarded
