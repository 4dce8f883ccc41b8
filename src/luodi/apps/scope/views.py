"""Pages of organisations, accounts and roles."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from luodi.apps.scope.middleware import Request
from luodi.shell.pages import show


@login_required
def me(request: Request) -> HttpResponse:
    """My own account."""
    return show(request, "scope/me.html")
