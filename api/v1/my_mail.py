"""My mails: which reminders somebody gets, when, from which groups, and how invitations reach their calendar."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import MailPreferences
from api.errors import refused_field
from api.fields import PageURL
from api.permissions import MayRead, MayRsvp, person_of
from api.strict_input import FlagField, LineField, StrictInput
from api.views import PersonalMixin, PublicRead
from core.errors import RuleViolation
from registrations.selectors.mail_choices import MailStanding, mail_standing
from registrations.services.mail_choices import choose_mails

TIME = "%H:%M"
WORDS = {
    "reminders": "Whether reminders come at all.",
    "week_before": "Reminders two days ahead or more.",
    "day_before": "Reminders from three hours to two days ahead.",
    "hour_before": "Reminders less than three hours ahead.",
    "digest": "Each on its own, or together once a day or on Mondays.",
    "digest_time": "When they come together, on the person’s own clock: 08:00.",
    "quiet_from": "No reminder comes from then on: 22:00. Null with `quiet_until` for none.",
    "quiet_until": "The end of the quiet hours: 07:00.",
    "calendar": "Invitations by mail unless a calendar reads the feed, always by mail, or the feed alone.",
}


class GroupReminders(serializers.Serializer):
    """One group, and whether it may remind."""

    slug = serializers.CharField(source="group.slug", help_text="Short name, as used in addresses.")
    name = serializers.CharField(source="group.name")
    url = serializers.SerializerMethodField()
    reminders = serializers.BooleanField(source="gets_reminders")

    def get_url(self, row: Any) -> str:
        """Its page."""
        return str(PageURL().to_representation(row.group.get_absolute_url()))


class MyMailChoices(serializers.Serializer):
    """What somebody chose. What they have to know (confirmations, changes, cancellations) always comes."""

    reminders = serializers.BooleanField(source="gets_reminders", help_text=WORDS["reminders"])
    week_before = serializers.BooleanField(source="preferences.week_before", help_text=WORDS["week_before"])
    day_before = serializers.BooleanField(source="preferences.day_before", help_text=WORDS["day_before"])
    hour_before = serializers.BooleanField(source="preferences.hour_before", help_text=WORDS["hour_before"])
    digest = serializers.ChoiceField(
        MailPreferences.Digest.choices, source="preferences.digest", help_text=WORDS["digest"]
    )
    digest_time = serializers.TimeField(TIME, source="preferences.digest_time", help_text=WORDS["digest_time"])
    quiet_from = serializers.TimeField(
        TIME, source="preferences.quiet_from", allow_null=True, help_text=WORDS["quiet_from"]
    )
    quiet_until = serializers.TimeField(
        TIME, source="preferences.quiet_until", allow_null=True, help_text=WORDS["quiet_until"]
    )
    calendar = serializers.ChoiceField(
        MailPreferences.Calendar.choices, source="preferences.calendar", help_text=WORDS["calendar"]
    )
    groups = GroupReminders(many=True, help_text="The groups they belong to, registered at or speak at, by name.")


class GroupWish(StrictInput):
    """Whether one group may remind."""

    slug = LineField(help_text="Short name of one of `groups`.")
    reminders = FlagField()


class MailChange(StrictInput):
    """What shall change; what is left out stays."""

    reminders = FlagField(required=False, help_text=WORDS["reminders"])
    week_before = FlagField(required=False, help_text=WORDS["week_before"])
    day_before = FlagField(required=False, help_text=WORDS["day_before"])
    hour_before = FlagField(required=False, help_text=WORDS["hour_before"])
    digest = serializers.ChoiceField(MailPreferences.Digest.choices, required=False, help_text=WORDS["digest"])
    digest_time = serializers.TimeField(input_formats=[TIME], required=False, help_text=WORDS["digest_time"])
    quiet_from = serializers.TimeField(
        input_formats=[TIME], required=False, allow_null=True, help_text=WORDS["quiet_from"]
    )
    quiet_until = serializers.TimeField(
        input_formats=[TIME], required=False, allow_null=True, help_text=WORDS["quiet_until"]
    )
    calendar = serializers.ChoiceField(MailPreferences.Calendar.choices, required=False, help_text=WORDS["calendar"])
    groups = GroupWish(many=True, required=False, help_text="Other groups stay as they are.")


class MyMail(PersonalMixin, PublicRead):
    """One's own."""

    scopes = {"GET": MayRead, "PATCH": MayRsvp}
    serializer_class = MyMailChoices

    @extend_schema(
        operation_id="get_my_mail",
        summary="My mails",
        description="Which reminders the signed-in person, or the bearer of a token with the scope `read`, gets, and "
        "when. Times are on the person’s own clock, on each event’s where they have set none.",
        tags=["me"],
        responses=MyMailChoices,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Four queries."""
        return Response(MyMailChoices(mail_standing(person_of(request))).data)

    @extend_schema(
        operation_id="change_my_mail",
        summary="Choose my mails",
        description="Changes what is sent and leaves the rest; a token needs the scope `rsvp`. Turning the reminders "
        "of a group off is unsubscribing from them, turning them on takes that back.",
        tags=["me"],
        request=MailChange,
        responses=MyMailChoices,
    )
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """All of it, or nothing."""
        user, asked = person_of(request), MailChange(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        groups = _by_key(values.pop("groups", []), mail_standing(user))
        try:
            choose_mails(user=user, now=timezone.now(), groups=groups, **values)
        except RuleViolation as refusal:
            raise refused_field(refusal, str(refusal.field)) from refusal
        return Response(MyMailChoices(mail_standing(user)).data)


def _by_key(wishes: list[dict[str, Any]], standing: MailStanding) -> dict[int, bool]:
    """What is wished, by the keys of groups; raises ValidationError for a group that is none of theirs."""
    keys = {one.group.slug: one.group.pk for one in standing.groups}
    wrong = {str(at): {"slug": [_stranger(wish["slug"])]} for at, wish in enumerate(wishes) if wish["slug"] not in keys}
    if wrong:
        raise ValidationError({"groups": wrong})
    return {keys[wish["slug"]]: wish["reminders"] for wish in wishes}


def _stranger(slug: str) -> str:
    return _("You have nothing to do with a group “%(slug)s”. Choose one of `groups`.") % {"slug": slug[:80]}
