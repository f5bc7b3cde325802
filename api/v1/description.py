"""The API described: OpenAPI 3.1 for programs, a page to read and try for people."""

import functools
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from api.views import plain
from core.http_cache import body_etag, respond


class Description(SpectacularAPIView):
    """OpenAPI 3.1 as YAML, or as JSON for who asks for it; the same for everybody."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    operation_id = "get_description"

    @extend_schema(
        summary="This description",
        description="OpenAPI 3.1 as YAML, or as JSON with Accept: application/json.",
        tags=["index"],
        responses={200: dict[str, Any]},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Written once in each process."""
        renderer = request.accepted_renderer
        body = description(as_json=renderer.format.endswith("json"))
        return respond(
            plain(request),
            etag=body_etag(body),
            content_type=f"{renderer.media_type}; charset=utf-8",
            render=lambda: body,
        )


@functools.cache
def description(*, as_json: bool) -> bytes:
    """The bytes of one of the formats; code alone decides them, so they hold as long as the process."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    renderer = OpenApiJsonRenderer() if as_json else OpenApiYamlRenderer()
    written: bytes = renderer.render(schema, renderer_context={})
    return written


@extend_schema(exclude=True)
class Docs(SpectacularSwaggerSplitView):
    """Reads the description; its script is a file of its own, as the site's policy demands."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    url_name = "api-schema"
