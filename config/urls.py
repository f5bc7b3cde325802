"""The whole address space: pages at the root, the API and the admin under their prefixes."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from web.pages.sign_in import AskForCode, GiveCode

# Admins sign in at the same place as everybody, with its rate limits; before the admin's URLs are read.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/search/", RedirectView.as_view(pattern_name="admin:index")),  # the theme's own, which we do not use
    path("admin/", admin.site.urls),
    # Ours instead of allauth's pages at the same places: asking for a code is also how an account is made.
    path("accounts/login/code/", AskForCode.as_view(), name="account_request_login_code"),
    path("accounts/login/code/confirm/", GiveCode.as_view(), name="account_confirm_login_code"),
    path("accounts/signup/", RedirectView.as_view(pattern_name="account_request_login_code", query_string=True)),
    path("accounts/", include("allauth.urls")),
    path("api/", include("api.urls")),
    path("", include("web.urls")),
]

handler400 = "web.pages.errors.bad_request"
handler403 = "web.pages.errors.permission_denied"
handler404 = "web.pages.errors.page_not_found"
handler500 = "web.pages.errors.server_error"
