"""Pages that are the same for everybody, kept for a minute in the process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

ELDER = "elder"  # the cookie that keeps large type; it says nothing else
SECONDS, MOST = 60, 500
Page = Callable[..., HttpResponse]
_kept: OrderedDict[str, tuple[float, bytes, str]] = OrderedDict()


def forget() -> None:
    """Lets go of every kept page."""
    _kept.clear()


def kept(view: Page) -> Page:
    """A page that depends on its address, the language and the type's size alone. Who is signed in gets
    it fresh. At most MOST are kept, those asked for longest ago go first."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **keys)
        name = f"{get_language()}|{request.COOKIES.get(ELDER) == '1'}|{request.get_full_path()}"
        now = time.monotonic()
        found = _kept.get(name)
        if found and now - found[0] < SECONDS:
            _kept.move_to_end(name)
            response = HttpResponse(found[1], content_type=found[2])
        else:
            response = view(request, *args, **keys)
            if response.status_code == 200:
                _kept[name] = (now, bytes(response.content), response["Content-Type"])
                while len(_kept) > MOST:
                    _kept.popitem(last=False)
        response["Cache-Control"] = f"public, max-age={SECONDS}"
        response["Vary"] = "Cookie, Accept-Language"
        return response

    return page
