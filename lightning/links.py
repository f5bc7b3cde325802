"""The signed addresses by which a speaker reaches their talk without an account.

The one in our mails shows that its holder reads them. Whoever proposes without an account is sent to another one at
once: it opens the same page, and proves nothing.
"""

from django.urls import reverse

from core.tokens import sign, unsign
from lightning.models import Block, Talk

PURPOSE = "proposal"
UNPROVEN_PURPOSE = "proposal-unproven"


def proposal_path(talk: Talk) -> str:
    """The page on which its speaker edits, confirms or withdraws it: opening it changes nothing."""
    return reverse("proposal", args=[sign(PURPOSE, str(talk.ical_uid))])


def unproven_path(talk: Talk) -> str:
    """The same page for the browser that proposed it, until the link in the mail is used."""
    return reverse("proposal", args=[sign(UNPROVEN_PURPOSE, str(talk.ical_uid))])


def propose_path(block: Block) -> str:
    """Where talks are proposed for this round, whatever other rounds its event has."""
    return f"{reverse('propose', args=[block.session.event.slug])}?block={block.pk}"


def talk_of(token: str) -> Talk | None:
    """Whose address this is; None when it was altered or the talk is gone."""
    uid = unsign(PURPOSE, token) or unsign(UNPROVEN_PURPOSE, token)
    related = ("block__session__event__group", "block__session__event__venue", "block__session__room")
    return Talk.objects.select_related(*related).filter(ical_uid=uid).first() if uid else None


def is_proof(token: str) -> bool:
    """Whether it came by mail, or was given to who is signed in."""
    return unsign(PURPOSE, token) is not None
