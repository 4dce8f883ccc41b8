"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from luodi.shell.navigation import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", None),
        "upload_mb": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }
