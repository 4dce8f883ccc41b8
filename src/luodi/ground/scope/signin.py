"""How people sign in: names and passwords that administrators gave, no signing up."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


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
            "输错次数过多，账号暂时锁定。请五分钟后再试；忘记密码请联系本单位的安全管理员。"
        ),
        "username_password_mismatch": _("登录名或密码不对。"),
        "rate_limited": _("操作太频繁，请稍等片刻再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return str(super().clean_username(username, shallow)).lower()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def set_password(self, user: object, password: str) -> None:
        user.must_change_password = False  # type: ignore[attr-defined]
        super().set_password(user, password)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's hooks: who has a copy of the database has nobody's second factor."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def reencrypted(data: Any) -> Any:
    """What an authenticator keeps, each of its encrypted texts under the present secret."""
    if isinstance(data, dict):
        return {key: reencrypted(value) for key, value in data.items()}
    if isinstance(data, list):
        return [reencrypted(value) for value in data]
    # a Fernet token begins with its version, 0x80
    return _fernet().rotate(data).decode() if str(data).startswith("gAAAA") else data


def is_current(data: Any) -> bool:
    """Whether nothing in it needs a former secret."""
    if isinstance(data, dict | list):
        return all(is_current(one) for one in (data.values() if isinstance(data, dict) else data))
    try:
        return not str(data).startswith("gAAAA") or bool(_key(settings.SECRET_KEY).decrypt(data))
    except InvalidToken:
        return False


def _fernet() -> MultiFernet:
    """Encrypts under the site's secret, decrypts under former ones too."""
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    """Derived from a secret, for this use alone."""
    key = salted_hmac("luodi.second-factor", "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
