"""A group's page: its people, by the email they sign in with, and never without an organiser."""

import pytest
from django.urls import reverse

from accounts.models import User
from events.models import Group, GroupLink, Membership
from tests.admin_forms import ada_of, errors_on, messages_of, save, signed_in
from tests.factories import EventFactory, GroupFactory, MembershipFactory, SeriesFactory, UserFactory

pytestmark = pytest.mark.django_db
LAST = "This is the group's last organiser. Make somebody else organiser first."


def page_of(group: Group) -> str:
    return reverse("admin:events_group_change", args=[group.pk])


def roles(group: Group) -> dict[str, str]:
    return dict(group.memberships.values_list("user__name", "role"))


def test_somebody_with_an_account_becomes_host_by_their_email():
    group = GroupFactory()
    UserFactory(name="Bo", email="bo@example.org")
    ada = signed_in(ada_of(group))
    assert save(ada, page_of(group), {}, memberships=[{"email": "Bo@Example.org", "role": "host"}]).status_code == 302
    assert roles(group) == {"Ada": "organiser", "Bo": "host"}
    assert User.objects.get(name="Bo").is_staff is False


def test_a_new_organiser_may_open_the_admin_site():
    group = GroupFactory()
    bo = UserFactory(name="Bo", email="bo@example.org")
    save(signed_in(ada_of(group)), page_of(group), {}, memberships=[{"email": bo.email, "role": "organiser"}])
    assert User.objects.get(pk=bo.pk).is_staff is True


@pytest.mark.parametrize(
    ("email", "text"),
    [
        ("nobody@example.org", "Nobody has an account with this email. Ask them to sign in once, then add them."),
        ("ada@example.org", "This person belongs to the group already."),
        ("no email", "Enter a valid email address."),
        ("", "This field is required."),
    ],
)
def test_who_cannot_be_added_is_said_on_the_row(email, text):
    group = GroupFactory()
    ada = ada_of(group)
    User.objects.filter(pk=ada.pk).update(email="ada@example.org")
    answer = save(signed_in(ada), page_of(group), {}, memberships=[{"email": email, "role": "host"}])
    assert errors_on(answer) == {"memberships-1-email": [text]}


def test_the_last_organiser_cannot_step_down():
    group = GroupFactory()
    answer = save(signed_in(ada_of(group)), page_of(group), {"memberships-0-role": "member"})
    assert errors_on(answer) == {"memberships-0-role": [LAST]}
    assert roles(group) == {"Ada": "organiser"}


def test_the_last_organiser_cannot_be_removed():
    group = GroupFactory()
    answer = save(signed_in(ada_of(group)), page_of(group), {"memberships-0-DELETE": "on", "town": "Elsewhere"})
    assert (errors_on(answer), messages_of(answer)) == ({"memberships": [LAST]}, [LAST])
    assert (roles(group), Group.objects.get().town) == ({"Ada": "organiser"}, "Singapore")


def test_the_last_organiser_hands_over_in_one_go():
    group = GroupFactory()
    ada = ada_of(group)
    bo = MembershipFactory(group=group, user__name="Bo")
    rows = list(group.memberships.order_by("role", "id"))
    changes = {f"memberships-{rows.index(bo)}-role": "organiser"}
    changes |= {f"memberships-{rows.index(group.memberships.get(user=ada))}-role": "member"}
    assert save(signed_in(ada), page_of(group), changes).status_code == 302
    assert roles(group) == {"Ada": "member", "Bo": "organiser"}


def test_who_a_membership_is_of_cannot_be_posted():
    group = GroupFactory()
    MembershipFactory(group=group, user__name="Bo", role="host")
    UserFactory(name="Cy", email="cy@example.org")
    save(signed_in(ada_of(group)), page_of(group), {"memberships-0-email": "cy@example.org"})
    assert roles(group) == {"Ada": "organiser", "Bo": "host"}


def test_names_and_links_are_changed():
    group = GroupFactory()
    row = {"title": "Chat", "url": "https://chat.example/", "position": "0"}
    fields = {"name": "TFUG Singapore", "languages": "en, zh-Hans"}
    assert save(signed_in(ada_of(group)), page_of(group), fields, links=[row]).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.languages) == ("TFUG Singapore", ["en", "zh-Hans"])
    assert GroupLink.objects.get().url == "https://chat.example/"


def test_a_link_of_a_dangerous_kind_is_refused():
    group = GroupFactory()
    row = {"title": "x", "url": "javascript:alert(1)", "position": "0"}
    answer = save(signed_in(ada_of(group)), page_of(group), {}, links=[row])
    assert errors_on(answer) == {"links-0-url": ["Enter a valid URL."]}


def test_a_superuser_founds_a_group_and_deletes_it_while_it_is_empty():
    root = signed_in(UserFactory(is_staff=True, is_superuser=True))
    save(root, reverse("admin:events_group_add"), {"name": "Tianjin GDG", "time_zone": "Asia/Shanghai"})
    group = Group.objects.get()
    assert (group.slug, group.time_zone) == ("tianjin-gdg", "Asia/Shanghai")
    root.post(reverse("admin:events_group_delete", args=[group.pk]), {"post": "yes"})
    assert Group.objects.count() == 0


def test_a_group_with_events_is_not_deleted():
    event = EventFactory()
    root = signed_in(UserFactory(is_staff=True, is_superuser=True))
    root.post(reverse("admin:events_group_delete", args=[event.group_id]), {"post": "yes"})
    assert Group.objects.count() == 1


def test_a_series_with_events_stays_with_its_group():
    series, other = SeriesFactory(), GroupFactory()
    EventFactory(group=series.group, series=series)
    ada = signed_in(ada_of(series.group, other))
    answer = save(ada, reverse("admin:events_series_change", args=[series.pk]), {"group": other.pk})
    assert errors_on(answer) == {"group": ["A series with events stays with its group."]}


def test_a_series_is_made_changed_and_deleted():
    group = GroupFactory()
    ada = signed_in(ada_of(group))
    fields = {"group": group.pk, "title": "Third Thursday", "time_zone": "Asia/Singapore", "starts_time": "19:00"}
    save(ada, reverse("admin:events_series_add"), fields)
    series = group.series.get()
    assert series.slug == "third-thursday"
    assert save(ada, reverse("admin:events_series_change", args=[series.pk]), {"minutes": "90"}).status_code == 302
    assert group.series.get().minutes == 90
    ada.post(reverse("admin:events_series_delete", args=[series.pk]), {"post": "yes"})
    assert group.series.count() == 0


def test_membership_is_unchanged_by_an_untouched_page():
    group = GroupFactory()
    ada = ada_of(group)
    assert save(signed_in(ada), page_of(group), {}).status_code == 302
    assert Membership.objects.get().role == "organiser"
