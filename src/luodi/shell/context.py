"""What every template may use."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"actor": getattr(request, "actor", None), "once": lambda: str(uuid.uuid4())}
