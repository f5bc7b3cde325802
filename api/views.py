"""What every public read has in common: anybody may, unknown parameters are refused, answers carry an ETag."""

from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views import View
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import problem
from api.pagination import PARAMETERS
from api.permissions import MayRead, NeedsScope
from core.answer_memory import answers
from core.http_cache import body_etag, cache_control, is_anonymous, is_not_modified, not_modified, rendered
from core.query_values import QueryErrors


class PublicRead(GenericAPIView):
    """GET and HEAD for everybody; subclasses name the query parameters they read."""

    permission_classes = (AllowAny,)
    parameters: ClassVar[tuple[str, ...]] = ()
    page_parameters: ClassVar[tuple[str, ...]] = ()
    may_be_remembered: ClassVar[bool] = True  # False where the answer depends on more than address and database
    operation_id: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What was answered before, while nothing has been committed since: it costs less than counting who asks.

        So throttles count only what has to be worked out, and a hall full of phones behind one address may look.
        """
        is_read = request.method in ("GET", "HEAD")
        self.asked_at = self.moment()
        known = answers.recall(request, self.asked_at) if self.may_be_remembered and is_read else None
        return known or super().dispatch(request, *args, **kwargs)

    def moment(self) -> object:
        """The time, as coarse as can be, where the answer depends on it; an answer is remembered for that long."""
        return None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After throttles and rights: no parameter is passed by in silence."""
        super().initial(request, *args, **kwargs)
        known = (*self.parameters, *self.page_parameters)
        unknown = [name for name in request.query_params if name not in known]
        if unknown and request.method in ("GET", "HEAD"):
            cure = _("There is no such parameter. Known: %(known)s.") % {"known": ", ".join(known) or _("none")}
            raise QueryErrors({name[:80]: cure for name in unknown[:20]})

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The answer, made anew."""
        return self.answer(request)

    def answer(self, request: Request) -> HttpResponse:
        """One resource."""
        return Response(self.get_serializer(self.get_object()).data)

    def get_object(self) -> Any:
        """What `find` names."""
        try:
            return self.find()
        except ObjectDoesNotExist as error:
            raise Http404 from error

    def find(self) -> Any:
        """The resource; raises DoesNotExist where the public sees none."""
        raise NotImplementedError

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Tag the bytes once they are there, and answer 304 to who holds them."""
        final: HttpResponse = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(final, Response) and request.method in ("GET", "HEAD") and final.status_code == 200:
            final.add_post_render_callback(lambda written: conditional(plain(request), written, self.asked_at))
        elif self.may_be_remembered:
            answers.remember(plain(request), final, self.asked_at)
        return final


class PersonalMixin:
    """What depends on who asks: kept by nobody else, and never from the memory for strangers."""

    may_be_remembered: ClassVar[bool] = False
    scopes: ClassVar[dict[str, type[NeedsScope]]] = {}  # by method

    def get_permissions(self) -> list[NeedsScope]:
        """A token needs the scope of what it does; HEAD is a GET, and OPTIONS tells what may be read."""
        method = str(self.request.method)  # type: ignore[attr-defined]
        return [self.scopes.get("GET" if method == "HEAD" else method, MayRead)()]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What was written is to be kept by nobody at all."""
        is_read = request.method in ("GET", "HEAD")
        response.headers.setdefault("Cache-Control", "private, no-cache" if is_read else "no-store")
        patch_vary_headers(response, ("Authorization", "Cookie"))
        return super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]


class PublicList(PublicRead, ListModelMixin):
    """A list in pages."""

    page_parameters = PARAMETERS

    def answer(self, request: Request) -> HttpResponse:
        """One page of it."""
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


def plain(request: Request) -> HttpRequest:
    """The framework's request inside the API's."""
    inside: HttpRequest = request._request  # noqa: SLF001 - no public name exists
    return inside


def conditional(request: HttpRequest, response: HttpResponse, moment: object = None) -> HttpResponse:
    """The rendered response with its tag; a 304 for who holds it, the length alone for HEAD."""
    etag = body_etag(response.content)
    response["ETag"] = etag
    response.headers.setdefault("Cache-Control", cache_control(anonymous=is_anonymous(request)))
    response["Content-Length"] = str(len(response.content))
    if is_anonymous(request):
        rendered.put(etag, response.content)
        answers.remember(request, response, moment)
    if is_not_modified(request, etag=etag):
        return not_modified(response)
    if request.method == "HEAD":
        response.content = b""
    return response


class NothingHere(View):
    """Every address under /api/ that nothing else answers."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Where only the slash at the end is missing, the way there."""
        if not request.path_info.endswith("/") and _exists(f"{request.path_info}/"):
            return HttpResponse(status=308, headers={"Location": request.get_full_path(force_append_slash=True)})
        return problem(404)


def _exists(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return getattr(match.func, "view_class", None) is not NothingHere
