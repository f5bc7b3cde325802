"""Markdown as people write it, turned into HTML that cannot harm the reader."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_parser = MarkdownIt("js-default", {"linkify": False, "breaks": False})
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}


def markdown_to_html(text: str) -> SafeString:
    """Sanitised HTML; raw HTML in the text is shown as text, links keep http, https and mailto only."""
    html = _parser.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )
    return mark_safe(clean)  # noqa: S308 - just sanitised


def markdown_to_text(text: str) -> str:
    """The words alone, one line, for descriptions in heads and calendars."""
    return " ".join(nh3.clean(_parser.render(text), tags=set()).split())
