"""The two pages of signing in by code: give an address, give the code."""

from typing import Any

from allauth.account.fields import EmailField
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from accounts.models import User
from accounts.selectors import user_with_email
from accounts.sign_in import SignInProcess


class AddressForm(RequestLoginCodeForm):
    """An address that an account can have."""

    email = EmailField(max_length=User._meta.get_field("email").max_length)


class AskForCode(RequestLoginCodeView):
    """Takes an address and answers the same whether it has an account or not."""

    def get_form_class(self) -> type[AddressForm]:
        """The form of allauth with our bound."""
        return AddressForm

    def form_valid(self, form: AddressForm) -> HttpResponseBase:
        email = form.cleaned_data["email"]
        SignInProcess.begin(request=self.request, user=user_with_email(email), email=email)
        return HttpResponseRedirect(self.get_success_url())


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"), "dispatch"
)
class GiveCode(ConfirmLoginCodeView):
    """Takes the code; allauth counts the tries."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - put there by the decorator
        self._process = SignInProcess.resume(self.stage)
        if not self._process:
            return HttpResponseRedirect(reverse("account_request_login_code"))
        return FormView.dispatch(self, request, *args, **kwargs)
