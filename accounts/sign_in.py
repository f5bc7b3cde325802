"""Signing in by e-mailed code, which is also how an account is made: no form before it, no password after it.

allauth answers an unknown address with a mail that leads to a sign-up form. Here both get the same code in the same
mail; the account of a newcomer is made once the code came back, so nobody can fill the database with strangers.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.services import account_of_confirmed_address


class SignInProcess(LoginCodeVerificationProcess):
    """allauth's process, in which having no account is no special case."""

    @classmethod
    def begin(cls, *, request: HttpRequest, user: AbstractBaseUser | None, email: str) -> None:
        """Send a code and remember, in the session, what it is for."""
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email), initiated_by_user=True)
        process = cls(stage=stage)
        process.send()
        process.persist()

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> "SignInProcess | None":
        """The process the session remembers, unless its time is over."""
        process: SignInProcess | None = cls(stage=stage).abort_if_invalid()
        return process

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:  # noqa: FBT001, FBT002 - allauth calls it so
        """The same mail to everybody; `skip_enumeration_mails` has nothing left to skip."""
        context: dict[str, Any] = {"request": self.request, "code": self.generate_code()}
        get_adapter().send_mail("account/email/login_code", email, context)
        self.add_sent_message({"email": email, "recipient": email})

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """The code came back, so the address is theirs: make the account if it is missing, and let them in."""
        self._user = account_of_confirmed_address(email=self.state["email"], language=get_language() or "")
        self.stage.login.user = self._user
        response: HttpResponse = super().finish(redirect_url)
        return response
