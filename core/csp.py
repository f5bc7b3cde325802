"""Content-Security-Policy: strict on the site; for the admin alone, what its theme's Alpine needs."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty

SITE = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
ADMIN = SITE | {
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "base-uri": "'self'",
    "frame-ancestors": "'self'",
}
API_DOCS = SITE | {"style-src": "'self' 'unsafe-inline'"}
BY_PREFIX = {"/admin/": ADMIN, "/api/v1/docs/": API_DOCS}


def allow_style(response: HttpResponse, css: str) -> None:
    """Let this response hold one `<style>` of exactly this text; unlike a nonce, the page may then be cached."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    response.csp_style_sources = [*getattr(response, "csp_style_sources", []), f"'sha256-{digest}'"]  # type: ignore[attr-defined]


class ContentSecurityPolicyMiddleware:
    """Adds the policy; `request.csp_nonce` is put into it only when a template used it.

    A 304 carries none: browsers would put it in the place of the one they stored with the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = SimpleLazyObject(lambda: secrets.token_urlsafe(16))
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return response
        policy = dict(next((value for prefix, value in BY_PREFIX.items() if request.path.startswith(prefix)), SITE))
        if settings.LIVE_URL:
            policy["connect-src"] += f" {settings.LIVE_URL}"
        if nonce._wrapped is not empty:  # noqa: SLF001 - the only way to ask whether a template used it
            policy["script-src"] += f" 'nonce-{nonce}'"
            policy["style-src"] += f" 'nonce-{nonce}'"
        for source in getattr(response, "csp_style_sources", []):
            policy["style-src"] += f" {source}"
        response.headers.setdefault("Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in policy.items()))
        return response
