"""The signed address by which a speaker reaches their talk without an account."""

from django.urls import reverse

from core.tokens import sign, unsign
from lightning.models import Talk

PURPOSE = "proposal"


def proposal_path(talk: Talk) -> str:
    """The page on which its speaker edits, confirms or withdraws it: opening it changes nothing."""
    return reverse("proposal", args=[sign(PURPOSE, str(talk.ical_uid))])


def talk_of(token: str) -> Talk | None:
    """Whose address this is; None when it was altered or the talk is gone."""
    uid = unsign(PURPOSE, token)
    talks = Talk.objects.select_related("block__session__event__group", "block__session__event__venue")
    return talks.filter(ical_uid=uid).first() if uid else None
