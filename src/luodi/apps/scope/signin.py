"""How people sign in: names and passwords that administrators gave, no signing up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's hooks: nobody opens an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return str(super().clean_username(username, shallow)).lower()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def set_password(self, user: object, password: str) -> None:
        user.must_change_password = False  # type: ignore[attr-defined]
        super().set_password(user, password)
