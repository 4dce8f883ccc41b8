"""The public way in, without an account: an enterprise's QR code."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.scope.api import SYSTEM, Actor, Unit, UnitKind, acting, one_time_password
from luodi.lib.errors import NotFound, UserError
from luodi.lib.neighbours import sender_of
from luodi.rooms.casework.models import Case, Intake, PublicAttempt, ReportKey
from luodi.rooms.casework.verbs.progress import attach, verify
from luodi.rooms.casework.verbs.raising import Report, begin

TOO_MANY_REPORTS = gettext_lazy("这一小时内收到的反映太多，请稍后再试，或直接致电园区。")
TOO_MANY_LOOK_UPS = gettext_lazy("查询次数太多，请一小时后再试，或直接致电园区。")
MOST_PHOTOS = 3
FOR_ALL = (UnitKind.ZONE, UnitKind.COUNTY)
WITH_FORM = (UnitKind.ENTERPRISE, *FOR_ALL)
WORD_PARTS = 2  # 38 bits: enough where guesses are counted and the stored hash is slow


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody without an account gets: the number and the secret word to ask with."""

    code: str
    unit_name: str
    word: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What somebody without an account may know of their report.

    words: moment, what happened, and what was said to the reporter, the newest first. asked: it is
    submitted, and their answer is waited for until `confirm_at`.
    """

    code: str
    unit_name: str
    raised_at: dt.datetime
    text: str
    state: str
    asked: bool
    confirm_at: dt.datetime | None
    words: list[tuple[dt.datetime, str, str]]


# What is said to the reporter, and no more: between offices much is said that is not. With words
# for a reporter where the procedure's are for whoever carries the case.
TOLD_AS: dict[str, str | Promise] = {
    "receive": gettext_lazy("已受理"),
    "answer": gettext_lazy("进展"),
    "submit": gettext_lazy("办理结果"),
    **dict.fromkeys(("satisfied", "unsatisfied", "confirm_by_time"), ""),
    **dict.fromkeys(("reject", "close", "reopen", "withdraw", "merge"), ""),
}


def intake_of(*, actor: Actor, unit: Unit, at: dt.datetime | None = None) -> Intake:
    """A unit's public form, made where there is none: an enterprise's, or one for the public of a zone
    or a county, which stands on the public's pages too."""
    actor.require("cases.raise", unit.path)
    if unit.kind not in WITH_FORM:
        raise UserError(_("只有企业、开发区和县有扫码入口。"), "unit")
    found, _made = Intake.objects.get_or_create(
        unit=unit,
        defaults={"token": _new_token(), "rotated_at": at or timezone.now()},
    )
    return found


def known_intake(*, actor: Actor, unit: Unit) -> Intake | None:
    """The enterprise's public form, where it has one: reading makes none."""
    actor.require("cases.raise", unit.path)
    return Intake.objects.filter(unit=unit).first()


def public_forms() -> list[tuple[str, str]]:
    """The forms that are everybody's: of zones and counties, by name, with their tokens."""
    with acting(SYSTEM):
        found = Intake.objects.filter(
            is_active=True, unit__closed_on=None, unit__kind__in=FOR_ALL
        ).order_by("unit__path")
        return list(found.values_list("unit__name", "token"))


def rotate_token(*, actor: Actor, unit: Unit, at: dt.datetime | None = None) -> Intake:
    """Gives the form a new address; codes printed with the old one lead nowhere."""
    intake = intake_of(actor=actor, unit=unit, at=at)
    intake.token, intake.rotated_at = _new_token(), at or timezone.now()
    intake.save(update_fields=["token", "rotated_at"])
    return intake


def _new_token() -> str:
    return secrets.token_urlsafe(24)


def unit_of_token(token: str) -> Unit:
    """Whose form it is. Raises NotFound where the token is of none."""
    with acting(SYSTEM):
        found = Intake.objects.select_related("unit").filter(token=token, is_active=True).first()
        if found is None or found.unit.closed_on is not None:
            raise NotFound(_("这个二维码已经失效，请向企业联络员要新的。"))
        return found.unit


def report_publicly(
    *,
    token: str,
    text: str,
    who: str,
    contact: str = "",
    address: str = "",
    photos: Sequence[UploadedFile[bytes]] = (),
    at: dt.datetime | None = None,
) -> Receipt:
    """Raises a problem through an enterprise's public form, as nobody in particular.

    `address` is the sender's network address; only a hash of it with the day is kept, for hours.
    Raises UserError with a sentence when too many reports came lately, or for what is no photograph.
    """
    if len(photos) > MOST_PHOTOS:
        raise UserError(_("照片最多 %(most)s 张。") % {"most": MOST_PHOTOS}, "photos")
    moment = at or timezone.now()
    unit = unit_of_token(token)
    if not who.strip():
        raise UserError(_("请填写您是谁，便于回复。"), "who")
    with acting(SYSTEM), transaction.atomic():
        _count(f"token:{token}", moment, settings.REPORTS_PER_ENTERPRISE)
        if address:
            _count(_hashed(address, moment), moment, settings.REPORTS_PER_ADDRESS)
        report = Report(
            unit=unit,
            text=text,
            channel=Case.Channel.PUBLIC,
            reporter_unit_id=unit.pk,
            reporter_name=who,
            reporter_phone=contact,
        )
        case = begin(SYSTEM, report, moment)
        for photo in photos:
            file = attach(actor=SYSTEM, case=case, upload=photo, at=moment)
            if not file.content_type.startswith("image/"):
                raise UserError(_("这里只能上传照片。"), "photos")
        word = one_time_password(WORD_PARTS)
        ReportKey.objects.create(case=case, word=make_password(_bare(word)))
        return Receipt(case.code, unit.name, word)


def _bare(word: str) -> str:
    """The word as it is compared: capitals, blanks and dashes make no difference."""
    return "".join(letter for letter in word.lower() if letter.isalnum())


def look_up(*, code: str, word: str, address: str = "", at: dt.datetime | None = None) -> bool:
    """Whether the secret word is that of the report with this number.

    Every attempt counts, so a wrong one must not be undone: it is False, no exception. Raises
    UserError after too many of one address or of one report.
    """
    moment = at or timezone.now()
    code = code.strip().upper()
    with acting(SYSTEM), transaction.atomic():
        _count(f"look:{code}", moment, settings.LOOK_UPS_PER_CASE, TOO_MANY_LOOK_UPS)
        if address:
            key = f"look:{_hashed(address, moment)}"
            _count(key, moment, settings.LOOK_UPS_PER_ADDRESS, TOO_MANY_LOOK_UPS)
        found = ReportKey.objects.filter(case__code=code).first()
        return found is not None and check_password(_bare(word), found.word)


def progress_of(code: str) -> Progress:
    """What the reporter may know of a report that `look_up` has opened. Raises NotFound."""
    with acting(SYSTEM):
        case = _reported(code)
        labels = {one.key: str(one.label) for one in case.plan.transitions}
        events = case.events.order_by("-version").filter(transition__in=TOLD_AS)
        return Progress(
            code=case.code,
            unit_name=case.unit.name,
            raised_at=case.raised_at,
            text=case.text,
            state=_state(case),
            asked=case.waits_on == "reporter",
            confirm_at=case.confirm_at,
            words=[
                (one.at, str(TOLD_AS[one.transition] or labels.get(one.transition, "")), one.note)
                for one in events
            ],
        )


def _state(case: Case) -> str:
    """Where it stands; of one that goes on with another, where that stands (and no more of it)."""
    label = str(case.state_now.label)
    if case.merged_into is None:
        return label
    return f"{label} · {case.merged_into.state_now.label}"


def answer_publicly(
    *, code: str, satisfied: bool, words: str = "", at: dt.datetime | None = None
) -> None:
    """Whether who reported without an account is satisfied; opened by `look_up` before."""
    with acting(SYSTEM):
        case = _reported(code)
        verify(actor=SYSTEM, case=case, satisfied=satisfied, words=words, publicly=True, at=at)


def _reported(code: str) -> Case:
    keys = ReportKey.objects.select_related("case__unit", "case__merged_into").filter(
        case__code=code
    )
    found = keys.first()
    if found is None:
        raise NotFound(_("没有这个问题，或您无权查看。"))
    return found.case


def _hashed(address: str, at: dt.datetime) -> str:
    message = f"{sender_of(address)}|{timezone.localdate(at)}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def _count(key: str, at: dt.datetime, most: int, refusal: Promise = TOO_MANY_REPORTS) -> None:
    """Counts one attempt of this hour; raises UserError past the limit. Sure under concurrency."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_publicattempt (key, hour, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (key, hour) DO UPDATE SET count = casework_publicattempt.count + 1"
            " RETURNING count",
            [key[:64], at.replace(minute=0, second=0, microsecond=0)],
        )
        (count,) = cursor.fetchone()
    if count > most:
        raise UserError(str(refusal))


def forget_attempts(before: dt.datetime) -> int:
    """Removes counters of hours long past."""
    return PublicAttempt.objects.filter(hour__lt=before).delete()[0]
