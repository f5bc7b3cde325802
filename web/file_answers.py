"""Files that people uploaded: sent as what they were checked to be, so that no browser runs anything in them.

Behind a proxy that sends files itself (DECKS_BY_PROXY) we only say which one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import Storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.http_cache import is_not_modified, not_modified
from web.byte_ranges import NotSatisfiable, asked_range

PIECE = 64 * 1024
# Safari shows no PDF in a sandbox, and Chromium's viewer lives in a page with styles of its own. A PDF cannot run
# script in our origin: it is never taken for anything but a PDF.
POLICY_OF_PDF = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
PDF = "application/pdf"


@dataclass(frozen=True)
class Sent:
    """A file of the storage; `name` is what a browser calls it when it is saved."""

    path: str
    kind: str
    name: str
    etag: str
    is_public: bool = False
    is_attachment: bool = False


def file_answer(request: HttpRequest, storage: Storage, sent: Sent) -> HttpResponseBase:
    """200, 206 for one part, 304, or 416; raises Http404 when the file has just gone."""
    if is_not_modified(request, etag=sent.etag):
        response = HttpResponse()
        _label(response, sent)
        return not_modified(response)
    answer = _by_proxy(sent.path) if settings.DECKS_BY_PROXY else _by_us(request, storage, sent)
    _label(answer, sent)
    return answer


def _label(response: HttpResponseBase, sent: Sent) -> None:
    response["Content-Type"] = sent.kind
    response["Content-Disposition"] = str(content_disposition_header(sent.is_attachment, sent.name))
    response["Content-Security-Policy"] = POLICY_OF_PDF if sent.kind == PDF else POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["ETag"] = sent.etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate" if sent.is_public else "private, no-cache"
    if not sent.is_public:
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"


def _by_proxy(path: str) -> HttpResponseBase:
    response = HttpResponse()
    response["X-Accel-Redirect"] = "/" + quote(path)
    return response


def _by_us(request: HttpRequest, storage: Storage, sent: Sent) -> HttpResponseBase:
    """Nothing is opened before the first byte is wanted."""
    try:
        size = storage.size(sent.path)
    except FileNotFoundError as error:
        raise Http404 from error
    try:
        part = asked_range(_asked(request, sent.etag), size)
    except NotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    wanted = range(size) if part is None else part
    response = StreamingHttpResponse(_pieces(storage, sent.path, wanted), status=200 if part is None else 206)
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(len(wanted))
    if part is not None:
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return response


def _asked(request: HttpRequest, etag: str) -> str:
    """The Range header; empty when the part belongs to a file that was replaced meanwhile."""
    if request.headers.get("If-Range", etag) != etag:
        return ""
    return request.headers.get("Range", "") if request.method == "GET" else ""


def _pieces(storage: Storage, path: str, part: range) -> Iterator[bytes]:
    with storage.open(path) as file:
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
