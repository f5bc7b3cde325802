"""The whole address space: pages at the root, the API and the admin under their prefixes."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

# Admins sign in at the same place as everybody, with its rate limits; before the admin's URLs are read.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("api.v1.urls")),
    path("", include("web.urls")),
]

handler400 = "web.pages.errors.bad_request"
handler403 = "web.pages.errors.permission_denied"
handler404 = "web.pages.errors.page_not_found"
handler500 = "web.pages.errors.server_error"
