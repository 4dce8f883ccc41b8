"""How people sign in: names and passwords that administrators gave, no signing up."""

from __future__ import annotations

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
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


def _fernet() -> Fernet:
    """Under a key derived from the site's secret, for this use alone."""
    key = salted_hmac("luodi.second-factor", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
