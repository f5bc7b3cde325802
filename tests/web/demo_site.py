"""The addresses of a site that is a demo."""

from django.urls import include, path

from config.urls import urlpatterns as site

urlpatterns = [path("demo/mail/", include("web.demo_urls")), *site]
