"""Whether a certificate is real: anyone who was shown one may ask, by its code.

The answer says what the paper says, with the name masked, and nothing of who else was there.
"""

from __future__ import annotations

import hashlib

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from luodi.ground.scope.api import SYSTEM, acting, one_more
from luodi.lib.neighbours import sender_of
from luodi.rooms.classes.models import ALPHABET, CODE, Certificate
from luodi.shell.pages import show

SECONDS, PER_ADDRESS = 600, 30  # codes that one address may try in so many seconds


def verify(request: HttpRequest) -> HttpResponseBase:
    """Takes a code, says of which certificate it is, or that there is none."""
    text = request.GET.get("code", "")
    code = "".join(one for one in text.upper() if one.isalnum())
    context: dict[str, object] = {"code": text[:40], "asked": bool(text)}
    status = 200
    if text:
        if _too_often(request):
            context["problem"] = _("核验得太频繁，请十分钟后再试。")
            status = 429
        else:
            context["found"] = _found(code)
    return show(request, "classes/verify.html", context, status=status)


def _too_often(request: HttpRequest) -> bool:
    address = hashlib.sha256(sender_of(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()
    return one_more(f"classes.verify:{address[:32]}", SECONDS) > PER_ADDRESS


def _found(code: str) -> dict[str, object] | None:
    """What the paper says; the name with all but its first and last sign hidden."""
    if len(code) != CODE or set(code) - set(ALPHABET):
        return None
    with acting(SYSTEM):
        rows = Certificate.objects.select_related(
            "trainee__person", "trainee__cohort__course__unit"
        )
        row = rows.filter(code=code).first()
        if row is None or row.trainee.cohort is None:
            return None
        cohort = row.trainee.cohort
        return {
            "name": masked(row.trainee.person.name),
            "course": str(cohort.course),
            "cohort": cohort.name,
            "unit": cohort.course.unit.name,
            "since": cohort.starts_on,
            "until": cohort.ends_on,
            "hours": row.trainee.hours,
            "revoked_on": row.revoked_on,
        }


def masked(name: str) -> str:
    """王某某 as 王*某; of two signs the second is hidden."""
    bare = name.partition("（")[0]
    if len(bare) < 3:
        return bare[:1] + "*"
    return bare[0] + "*" * (len(bare) - 2) + bare[-1]
