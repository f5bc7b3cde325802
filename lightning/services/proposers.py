"""Who a proposal's speaker is: a claimed profile, a known address, or somebody new who stays out of the directory."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.names import clean_name
from accounts.selectors import addresses_of
from lightning.models import Talk, TalkSpeaker
from speakers.models import Speaker
from speakers.services import create_speaker, delete_speaker, revise_speaker


def speaker_of_user(user: User, name: str = "") -> Speaker:
    """Of who is signed in: what they claimed, else the row with an address of theirs, else a new one of theirs.

    A row that only a proposal made becomes theirs, name included; a listed one stays as organisers wrote it until it is
    claimed. Raises RuleViolation when somebody new has no name.
    """
    claimed = Speaker.objects.filter(user=user).first()
    if claimed:
        return claimed
    found = _with_address(addresses_of(user)).first()
    if found and found.is_listed:
        return found
    name = clean_name(name or user.name)
    if found:
        return revise_speaker(speaker=found, user=user, name=name)
    return create_speaker(name=name, user=user, is_listed=False)


def speaker_of_stranger(name: str, email: str) -> tuple[Speaker, str]:
    """A new row, out of the directory, and the address to keep with the talk.

    When somebody has that address already, the row is without one, and the talk becomes theirs when they confirm:
    else anybody could put words into a known speaker's mouth, or find out whose address it is.
    """
    known = Speaker.objects.filter(Q(email__iexact=email) | Q(user__email__iexact=email))
    if known.exists():
        return create_speaker(name=name, is_listed=False), email
    return create_speaker(name=name, email=email, is_listed=False), ""


@transaction.atomic
def prove_proposer(talk: Talk) -> None:
    """The link in the mail was used: the talk is the known speaker's now. The talk's row is locked by the caller."""
    if not talk.proposer_email:
        return
    owner = _with_address([talk.proposer_email]).first()
    stand_in = Speaker.objects.filter(talks=talk, user=None, email="", is_listed=False).order_by("id").first()
    talk.proposer_email = ""
    talk.save(update_fields=["proposer_email"])
    if owner is None or stand_in is None or talk.talk_speakers.filter(speaker=owner).exists():
        return
    TalkSpeaker.objects.filter(talk=talk, speaker=stand_in).update(speaker=owner)
    if not stand_in.talk_speakers.exists() and not stand_in.session_speakers.exists():
        delete_speaker(speaker=stand_in)


def _with_address(addresses: list[str]) -> "QuerySet[Speaker]":
    """Claimed profiles first."""
    lower = [address.lower() for address in addresses]
    known = Speaker.objects.annotate(low=Lower("email"), account=Lower("user__email"))
    return known.filter(Q(low__in=lower) | Q(account__in=lower)).order_by(F("user").asc(nulls_last=True), "id")
