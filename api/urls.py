"""Addresses under /api/."""

from django.urls import include, path, re_path

from api.views import NothingHere

urlpatterns = [
    path("v1/", include("api.v1.urls")),
    re_path(r"", NothingHere.as_view()),
]
