"""The resident's file: facts switched on and off, contacts, documents, the picture; who opened it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.evidence.api import kind_of
from luodi.ground.records.api import Choice, Choices, Date, Files, Reason, Text, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.care.models import (
    DECIDES,
    DOCUMENTS,
    FACTS,
    Contact,
    Document,
    Fact,
    Opening,
    Resident,
)
from luodi.rooms.care.verbs.common import day_of, locked, own
from luodi.rooms.care.verbs.way import consents

SINGLE = {"guardian", "no_rescue", "consent_health", "consent_family", "consent_picture"}
# What makes a new assessment due (GB 38600-2019: on change).
CHANGES = {"dementia", "mental", "bedridden", "injured", "illness"}
PICTURE_MOST, DOCUMENT_MOST = 300_000, 5 * 1024 * 1024
AGAIN = dt.timedelta(hours=1)


@verb(permission="care.nurse", on="resident")
def switch_on(
    *,
    actor: Actor,
    resident: Resident,
    kind: Annotated[str, Choice(_("事实"), choices=tuple(FACTS.items()))],
    text: Annotated[str, Text(_("内容"), most=300)] = "",
    since: Annotated[dt.date | None, Date(_("自"))] = None,
) -> Fact:
    """Switches a fact on from a day (today); the same one is not switched on twice."""
    found = locked(resident)
    day = since or day_of(timezone.now())
    rows = Fact.objects.filter(resident=found, kind=kind, until=None)
    twins = rows if kind in SINGLE else rows.filter(text=text)
    if twins.exists():
        raise UserError(
            gettext("“%(fact)s”已经登记，内容有变请先停止再登记。") % {"fact": FACTS[kind]}, "kind"
        )
    if kind in CHANGES and found.lives_here:
        found.assess_by, found.assess_why = day_of(timezone.now()), str(FACTS[kind])
        found.save(update_fields=["assess_by", "assess_why"])
    return Fact.objects.create(resident=found, kind=kind, text=text, since=day, on_by_id=own(actor))


@verb(permission="care.nurse", on="fact")
def switch_off(
    *,
    actor: Actor,
    fact: Fact,
    until: Annotated[dt.date, Date(_("至（不含）"))],
    reason: Annotated[str, Reason()],
) -> Fact:
    """Switches a fact off from a day on: it stays in the file, with who and why."""
    found = locked(fact)
    if found.until is not None:
        raise UserError(gettext("它已经停止。"))
    if until < found.since:
        raise UserError(gettext("停止日期不能早于开始日期。"), "until")
    found.until, found.off_by_id, found.off_why = until, own(actor), reason[:200]
    found.save(update_fields=["until", "off_by", "off_why"])
    if found.kind == "consent_picture":
        found.resident.picture = None
        found.resident.save(update_fields=["picture"])
    return found


@verb(permission="care.contacts", on="resident")
def add_contact(
    *,
    actor: Actor,
    resident: Resident,
    name: Annotated[str, Text(_("姓名"), most=40)],
    relation: Annotated[str, Text(_("关系"), most=20)],
    phone: Annotated[str, Text(_("电话"), most=20)],
    decides: Annotated[list[str], Choices(_("能决定的事"), choices=tuple(DECIDES.items()))] = [],  # noqa: B006
) -> Contact:
    """Adds a relative or guardian, with what they decide."""
    return Contact.objects.create(
        resident=resident, name=name, relation=relation, phone=phone, decides=list(decides)
    )


@verb(permission="care.contacts", on="contact")
def end_contact(*, actor: Actor, contact: Contact) -> Contact:
    """No longer asks or tells somebody; their way to look is closed at once."""
    found = locked(contact)
    found.ended_on, found.key, found.key_until = day_of(timezone.now()), "", None
    found.save(update_fields=["ended_on", "key", "key_until"])
    return found


@verb(permission="care.contacts", on="resident")
def keep_documents(
    *,
    actor: Actor,
    resident: Resident,
    kind: Annotated[str, Choice(_("种类"), choices=tuple(DOCUMENTS.items()))],
    files: Annotated[list[Any], Files(_("文件"))],
) -> list[Document]:
    """Keeps documents in the file: identity, agreement, medical papers, consents as signed."""
    if not files:
        raise UserError(gettext("请选择文件。"), "files")
    return [_kept(actor, resident, kind, one) for one in files]


def _kept(actor: Actor, resident: Resident, kind: str, upload: UploadedFile[bytes]) -> Document:
    if upload.file is None or not upload.size or upload.size > DOCUMENT_MOST:
        raise UserError(gettext("文件应不超过5 MB。"), "files")
    name = (upload.name or "")[-200:]
    content_type = kind_of(name, upload.file)
    upload.seek(0)
    return Document.objects.create(
        resident=resident,
        kind=kind,
        name=name,
        content_type=content_type,
        content=upload.read(),
        at=timezone.now(),
        by_id=own(actor),
    )


@verb(permission="care.nurse", on="resident")
def set_picture(
    *,
    actor: Actor,
    resident: Resident,
    files: Annotated[list[Any], Files(_("照片"), help=_("JPEG，不超过300 KB；只用于认人。"))],
) -> Resident:
    """Keeps a small picture by which a carer knows who it is; only with consent."""
    found = locked(resident)
    if not consents(found, "consent_picture", day_of(timezone.now())):
        raise UserError(gettext("请先登记“同意留存照片”。"), "files")
    content: Any = files[0].read(PICTURE_MOST + 1) if files else b""
    if not content.startswith(b"\xff\xd8\xff") or len(content) > PICTURE_MOST:
        raise UserError(gettext("请选择一张不超过300 KB的JPEG照片。"), "files")
    found.picture = content
    found.save(update_fields=["picture"])
    return found


def opened(actor: Actor, resident: Resident, what: str, at: dt.datetime) -> None:
    """Notes that a file was opened; the same part by the same person once an hour."""
    mine = Opening.objects.filter(resident=resident, account_id=own(actor) or 0, what=what)
    if not mine.filter(at__gt=at - AGAIN).exists():
        Opening.objects.create(resident=resident, account_id=own(actor), at=at, what=what)


def facts_on(resident: Resident, day: dt.date) -> list[Fact]:
    """What holds of a resident on a day."""
    return [one for one in Fact.objects.filter(resident=resident) if one.holds_on(day)]
