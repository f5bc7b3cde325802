"""Who may see and do what in the admin of registrations: asked for the whole cast, on every page and button."""

import pytest

from registrations.models import (
    Invitation,
    Registration,
    RegistrationChange,
    RegistrationPlan,
)
from tests.admin_forms import ada_of, signed_in
from tests.factories import GroupFactory, UserFactory
from tests.factories.registrations import RegistrationFactory
from tests.registrations.admin_cast import DECISIONS, cast, page, row_of, statuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types_are_known")]


@pytest.mark.parametrize("name", ["registration", "invitation", "seriesregistration"])
def test_lists_and_pages_are_for_organisers_of_the_group(event, name):
    row, clients = row_of(name, event), cast(event)
    everybody = {"Ada": 200, "Host": 403, "Bo": 302, "Cy": 302, "Dee": 200, "Root": 200, "nobody": 302}
    assert statuses(clients, page(f"{name}_changelist")) == everybody
    assert statuses(clients, page(f"{name}_change", row.pk)) == everybody | {"Dee": 302}
    listed = {who: list(clients[who].get(page(f"{name}_changelist")).context["cl"].queryset) for who in ("Ada", "Dee")}
    assert listed == {"Ada": [row], "Dee": []}
    assert b"Secret" not in clients["Dee"].get(page(f"{name}_changelist"), {"q": "secret"}).content


@pytest.mark.parametrize("name", ["registration", "invitation", "seriesregistration"])
def test_nobody_adds_or_changes_rows_by_hand(event, name):
    row = row_of(name, event)
    root = signed_in(UserFactory(is_staff=True, is_superuser=True))
    before = type(row).objects.values().get()
    assert root.get(page(f"{name}_add")).status_code == 403
    assert (
        root.post(page(f"{name}_change", row.pk), {"name": "x", "state": "going", "email": "x@x.org"}).status_code
        == 403
    )
    assert type(row).objects.values().get() == before


@pytest.mark.parametrize("name", ["registration", "seriesregistration"])
def test_what_happened_is_not_deleted(event, name):
    row = row_of(name, event)
    root = signed_in(UserFactory(is_staff=True, is_superuser=True))
    assert root.post(page(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403
    root.post(page(f"{name}_changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert type(row).objects.count() == 1


def test_an_invitation_is_withdrawn_by_organisers_of_the_group_alone(event):
    row, clients = row_of("invitation", event), cast(event)
    ada = clients.pop("Ada")
    clients.pop("Root")
    refusals = statuses(clients, page("invitation_delete", row.pk), {"post": "yes"})
    assert (refusals, Invitation.objects.count()) == (
        {"Host": 403, "Bo": 302, "Cy": 302, "Dee": 302, "nobody": 302},
        1,
    )
    ada.post(page("invitation_delete", row.pk), {"post": "yes"})
    assert Invitation.objects.count() == 0


BUTTONS = ("take_rsvps", "attendees", "invite", "export_attendees", "door")


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_events_buttons_are_for_organisers_of_the_group(event, button, method):
    clients = cast(event)
    ada, root = clients.pop("Ada"), clients.pop("Root")
    data = None if method == "get" else {"emails": "x@example.org"}
    refusals = {"Host": 403, "Bo": 302, "Cy": 302, "Dee": 302, "nobody": 302}
    assert statuses(clients, page(f"event_{button}", event.pk), data) == refusals
    assert clients["Dee"].get(page(f"event_{button}", event.pk)).url == "/admin/"
    assert (Invitation.objects.count(), RegistrationPlan.objects.count()) == (0, 1)
    assert {client.get(page(f"event_{button}", event.pk)).status_code for client in (ada, root)} <= {200, 302}


@pytest.mark.parametrize("decision", DECISIONS)
def test_decisions_are_taken_by_organisers_of_the_group_alone(event, decision):
    before, _after = DECISIONS[decision]
    row, clients = RegistrationFactory(event=event, state=before), cast(event)
    clients.pop("Ada")
    clients.pop("Root")
    data = {"reason": "because", "priority": 7}
    refusals = statuses(clients, page(f"registration_{decision}", row.pk), data)
    row.refresh_from_db()
    assert refusals == {"Host": 302, "Bo": 302, "Cy": 302, "Dee": 302, "nobody": 302}
    assert (row.state, row.priority, RegistrationChange.objects.count()) == (before, 0, 0)


@pytest.mark.parametrize("action", ["approve_chosen", "promote_chosen"])
def test_actions_reach_nobody_of_another_group(event, action):
    rows = [RegistrationFactory(event=event, state=state) for state in ("requested", "waiting")]
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    clients = cast(event)
    for name in ("Host", "Bo", "Cy", "Dee", "nobody"):
        clients[name].post(page("registration_changelist"), data)
    assert sorted(Registration.objects.values_list("state", flat=True)) == ["requested", "waiting"]


def test_nobody_is_taken_out_of_a_series_of_another_group(event):
    row = row_of("seriesregistration", event)
    dee = signed_in(ada_of(GroupFactory()))
    dee.post(page("seriesregistration_changelist"), {"action": "take_out", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.left_at is None
