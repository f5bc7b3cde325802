"""Turns the framework's HTML error pages into problem documents wherever a program asked."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from api.errors import PROBLEM_TYPE, is_for_the_api, problem


class ProblemDocumentsMiddleware:
    """The outermost: sees also what no view saw, such as a foreign Host, too many fields or a broken database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not is_for_the_api(request):
            return response
        if response.headers.get("Content-Type", "").startswith(PROBLEM_TYPE):
            return response
        told = problem(response.status_code)
        response.content = told.content
        for name, value in {**told.headers, "Content-Length": str(len(told.content))}.items():
            response.headers[name] = value
        return response
