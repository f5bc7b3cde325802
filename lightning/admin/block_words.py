"""What a round's page in the admin says besides its fields: where it is arranged, and what may be worth changing."""

import datetime as dt

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lightning.lineup_warning_words import sentence
from lightning.models import Block, Call
from lightning.selectors.lineup import lineup_findings, read_lineup

MOST = 5  # the line-up's page has all


def ways_of(block: Block) -> SafeString:
    """Links to the pages on which a round is prepared; its call was fetched with it."""
    call = getattr(block, "call", None)
    pages = [("lineup", _("Line-up, decisions, telling speakers"))]
    if call and call.policy == Call.Policy.DRAW:
        pages.append(("draw", _("Draw")))
    pages += [("stage_remote", _("Remote")), ("stage_screen", _("Projector"))]
    slug = block.session.event.slug
    links = [(reverse(name, args=[slug, block.pk]), words) for name, words in pages]
    return format_html_join(" · ", '<a href="{}" class="text-link">{}</a>', links)


def warnings_of(block: Block, now: dt.datetime) -> SafeString | str:
    """A sentence each, the worst first; eight queries."""
    found = lineup_findings(read_lineup(block), now=now)
    if not found:
        return "–"
    lines = format_html_join("", "<li>{}</li>", [(sentence(one),) for one in found[:MOST]])
    more = len(found) - MOST
    rest = format_html("<li>{}</li>", _("%d more on the line-up’s page") % more) if more > 0 else ""
    return format_html("<ul>{}{}</ul>", lines, rest)
