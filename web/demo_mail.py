"""The demo's letter box: every mail the site sent, as its reader sees it. Only there when settings.DEMO is on."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

SHOWN = 100
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.eml")
CODE = re.compile(r"^ {4}(\d{6})\r?$", re.MULTILINE)
# The letter may style itself and open links in new windows; `sandbox` takes its scripts, forms and origin.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True)
class Attachment:
    """A part that is neither the text nor the HTML of a mail."""

    number: int
    name: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Mail:
    """One caught mail; `code` is the sign-in code in it, empty when there is none."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def to(self) -> str:
        return str(self.message.get("X-Envelope-To") or self.message.get("To", ""))

    @property
    def date(self) -> datetime | None:
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None

    @property
    def text(self) -> str:
        return words_of(self.message.get_body(("plain",)))

    @property
    def html(self) -> str:
        return words_of(self.message.get_body(("html",)))

    @property
    def code(self) -> str:
        found = CODE.search(self.text)
        return found[1] if found else ""

    @property
    def parts(self) -> list[EmailMessage]:
        """Every leaf that is not one of the two bodies."""
        bodies = [self.message.get_body(("plain",)), self.message.get_body(("html",))]
        leaves = [part for part in self.message.walk() if not part.is_multipart()]
        return [part for part in leaves if not any(part is body for body in bodies)]

    @property
    def attachments(self) -> list[Attachment]:
        return [
            Attachment(number, part.get_filename() or f"part-{number}", part.get_content_type(), len(bytes_of(part)))
            for number, part in enumerate(self.parts, start=1)
        ]


def words_of(part: MIMEPart | None) -> str:
    """The text of a part, whatever it claims its encoding to be."""
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        return bytes_of(part).decode("utf-8", "replace")


def bytes_of(part: MIMEPart) -> bytes:
    """The decoded content of a part."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def folder() -> Path:
    """Where the mail catcher of the demo puts what it catches."""
    return Path(settings.DEMO_MAIL_DIR)


def caught(name: str) -> Path:
    """The file of that name in the folder; 404 for every name that is not one of ours."""
    path = folder() / name
    if not FILE_NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        raise Http404("No such mail.")
    return path


def read(path: Path) -> Mail:
    """Parse one file."""
    return Mail(path.name, BytesParser(policy=policy.default).parsebytes(path.read_bytes()))


@never_cache
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The latest mails, newest first; their names sort as they came."""
    paths = sorted((path for path in folder().glob("*.eml") if FILE_NAME.fullmatch(path.name)), reverse=True)
    return render(request, "demo/mails.html", {"mails": [read(path) for path in paths[:SHOWN]]})


@never_cache
@require_safe
def mail_page(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its head, its text, its HTML in a frame."""
    return render(request, "demo/mail.html", {"mail": read(caught(name))})


@never_cache
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame. A page of its own, since a `srcdoc` frame would inherit our strict policy."""
    html = read(caught(name)).html.replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


@never_cache
@require_safe
def mail_source(request: HttpRequest, name: str) -> HttpResponse:
    """The mail as it went over the wire."""
    return HttpResponse(caught(name).read_bytes(), content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def mail_attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One attached part, always to be saved, never shown: what it says it is, is only its word."""
    parts = read(caught(name)).parts
    if not 1 <= number <= len(parts):
        raise Http404("No such attachment.")
    part = parts[number - 1]
    response = HttpResponse(bytes_of(part), content_type="application/octet-stream")
    kept = re.sub(r"[^A-Za-z0-9._-]", "_", Path(part.get_filename() or f"part-{number}").name)
    response.headers["Content-Disposition"] = f'attachment; filename="{kept[-100:]}"'
    return response
