"""The policy that every answer carries."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.csp import ContentSecurityPolicyMiddleware


def policy_of(path: str, view=lambda request: HttpResponse()) -> dict[str, str]:
    """The policy's directives for a page."""
    header = ContentSecurityPolicyMiddleware(view)(RequestFactory().get(path))["Content-Security-Policy"]
    return dict(directive.split(" ", 1) for directive in header.split("; "))


def test_the_site_runs_no_inline_script_and_cannot_be_framed():
    policy = policy_of("/")
    assert (policy["script-src"], policy["style-src"], policy["frame-ancestors"]) == ("'self'", "'self'", "'none'")


def test_only_the_admin_gets_what_its_theme_needs():
    assert policy_of("/admin/events/")["script-src"] == "'self' 'unsafe-eval'"
    assert policy_of("/administration/")["script-src"] == "'self'"


def test_a_nonce_appears_when_a_page_used_it_and_differs_each_time():
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.csp_nonce))

    first, second = policy_of("/", page)["script-src"], policy_of("/", page)["script-src"]
    assert first.startswith("'self' 'nonce-")
    assert first != second


def test_pages_may_listen_to_the_stream_process(settings):
    settings.LIVE_URL = "https://live.example.org"
    assert policy_of("/")["connect-src"] == "'self' https://live.example.org"
