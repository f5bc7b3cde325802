"""A round on stage: the document every screen draws, and what hosts do with it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from api.authentication import ApiTokenAuthentication, SessionAuthentication, StageLinkAuthentication
from api.errors import Problem
from api.throttling import PersonThrottle, ScreenThrottle, StageThrottle
from api.v1.door import MayUseDoor
from api.v1.refusals import ON_STAGE, conflicts
from api.v1.stage_shapes import Stage, StageOrder
from api.views import PublicRead, plain
from core.errors import RuleViolation
from core.http_cache import respond, strong_etag
from lightning.models import Block, StageLink
from lightning.permissions import may_command_stage
from lightning.selectors.stage import stage_block
from lightning.services.stage import command_stage
from lightning.stage_document import FORMAT, build_stage_document, stage_bytes, stage_fingerprint
from lightning.stage_round import Command

HOSTS = (ApiTokenAuthentication, StageLinkAuthentication, SessionAuthentication)


class MayCommand(MayUseDoor):
    """Who may use the door, and the holder of a stage link; the view asks whether it is this stage."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether it may be tried."""
        return isinstance(request.auth, StageLink) or super().has_permission(request, view)


@extend_schema(
    summary="The stage of a round",
    description="Everything the screens of a lightning round show. The stream of the event sends the same as it "
    "changes; without a stream, ask again with If-None-Match. Who may command the stage is told, too, who stands by.",
    tags=["stage"],
    responses=Stage,
)
class EventStage(PublicRead):
    """The whole of it."""

    operation_id = "get_stage"
    serializer_class = Stage
    authentication_classes = HOSTS
    throttle_classes = (ScreenThrottle, PersonThrottle)

    def answer(self, request: Request) -> HttpResponse:
        """Two queries while nothing happens, three more when something did; the same bytes for every stranger."""
        block = self.get_object()
        is_host = MayCommand().has_permission(request, self) and _may_command(request, block)
        return respond(
            plain(request),
            etag=strong_etag("stage for hosts" if is_host else "stage", FORMAT, stage_fingerprint(block)),
            content_type="application/json",
            render=lambda: stage_bytes(build_stage_document(block, for_hosts=is_host)),
        )

    def find(self) -> Block:
        """One query."""
        return stage_block(self.kwargs["slug"], self.kwargs["pk"])


class StageCommands(PublicRead):
    """What hosts do."""

    http_method_names = ["post", "options"]
    authentication_classes = HOSTS
    permission_classes = (MayCommand,)  # type: ignore[assignment]
    throttle_classes = (StageThrottle,)

    @extend_schema(
        operation_id="command_stage",
        summary="Command the stage",
        description="For organisers and hosts of the event’s group, tokens of theirs with the scope `stage` or "
        "`organise`, and stage links. A command names the version of the stage it was given for. Sent again after a "
        "lost answer it is refused as stale, and `stage` of the refusal shows that it was carried out. Refusals "
        "change nothing; all of them carry `stage`.",
        tags=["stage"],
        request=StageOrder,
        responses={200: Stage, 409: conflicts(ON_STAGE)},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """About twenty queries."""
        block = self.get_object()
        asked = StageOrder(data=request.data)
        asked.is_valid(raise_exception=True)
        order = asked.validated_data
        try:
            command_stage(
                block=block,
                command=Command(order["command"]),
                version=order["version"],
                talk=order.get("talk"),
                now=timezone.now(),
                by=request.user if isinstance(request.user, User) else None,
                link=request.auth if isinstance(request.auth, StageLink) else None,
            )
        except RuleViolation as refusal:
            raise _with_stage(refusal, block) from refusal
        return Response(build_stage_document(block, for_hosts=True), headers={"Cache-Control": "no-store"})

    def find(self) -> Block:
        """Two queries. Raises DoesNotExist for a draft, PermissionDenied for who is no host of its group."""
        block = stage_block(self.kwargs["slug"], self.kwargs["pk"])
        if not _may_command(self.request, block):
            raise PermissionDenied
        return block


def _may_command(request: Request, block: Block) -> bool:
    """A link opens one stage; a person every stage of the groups they host."""
    if isinstance(request.auth, StageLink):
        return bool(request.auth.block_id == block.pk)
    return may_command_stage(request.user, block)


def _with_stage(refusal: RuleViolation, block: Block) -> Problem:
    """409 with the stage as it is, so that a remote shows at once what happened."""
    errors = [{"field": refusal.field, "detail": refusal.message}] if refusal.field else None
    members = {"stage": build_stage_document(block, for_hosts=True)}
    return Problem(409, refusal.message, code=refusal.code, errors=errors, members=members)
