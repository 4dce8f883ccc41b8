"""How people sign in: names and passwords that administrators gave, no signing up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope import tries
from luodi.ground.scope.ciphers import Cipher

FACTORS = Cipher("luodi.second-factor")
FERNET = "gAAAA"  # how a Fernet token begins: its version, 0x80


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's hooks: nobody opens an account for themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("这个账号已停用，请联系本单位的安全管理员。"),
        "enter_current_password": _("现在的密码不对。"),
        "incorrect_code": _("验证码不对，请看验证器应用里最新的六位数。"),
        "incorrect_password": _("密码不对。"),
        "same_as_current": _("新密码不能和现在的一样。"),
        "too_many_login_attempts": _(
            "在这里输错的次数过多，暂时不能再试。请稍等几分钟；忘记密码请联系本单位的安全管理员。"
        ),
        "one_time_password_ended": _("一次性密码已经过期。请联系本单位的安全管理员重新设置。"),
        "username_password_mismatch": _("登录名或密码不对。"),
        "rate_limited": _("操作太频繁，请稍等片刻再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return str(super().clean_username(username, shallow)).lower()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not tries.admit(str(credentials.get("username", "")), _address(request)):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Raises ValidationError for a one-time password whose days are over."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            tries.succeeded(user.username, _address(request))
            if user.password_ends_at and user.password_ends_at <= timezone.now():
                raise self.validation_error("one_time_password_ended")
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        tries.failed(_address(request))

    def set_password(self, user: Any, password: str) -> None:
        user.must_change_password, user.password_ends_at = False, None
        super().set_password(user, password)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's hooks: who has a copy of the database has nobody's second factor."""

    def encrypt(self, text: str) -> str:
        return FACTORS.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return FACTORS.opened(encrypted_text)


def reencrypted(data: Any) -> Any:
    """What an authenticator keeps, each of its encrypted texts under the present secret."""
    if isinstance(data, dict):
        return {key: reencrypted(value) for key, value in data.items()}
    if isinstance(data, list):
        return [reencrypted(value) for value in data]
    return FACTORS.rotated(data) if str(data).startswith(FERNET) else data


def is_current(data: Any) -> bool:
    """Whether nothing in it needs a former secret."""
    if isinstance(data, dict | list):
        return all(is_current(one) for one in (data.values() if isinstance(data, dict) else data))
    return not str(data).startswith(FERNET) or FACTORS.is_current(data)
