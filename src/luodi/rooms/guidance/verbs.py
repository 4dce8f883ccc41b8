"""What is done to guides: a draft is written, checked, published, withdrawn; a guide is reviewed."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from luodi.ground.records.api import Date, Reason, Text, Version, verb
from luodi.ground.scope.api import Account, Actor, Unit, because, today
from luodi.lib.errors import NotFound, Stale, UserError
from luodi.rooms.guidance.checking import faults_of
from luodi.rooms.guidance.document import Document, as_json, document_of, texts_of
from luodi.rooms.guidance.models import Edition, Guide
from luodi.rooms.guidance.published import document_in

WRITE = "guidance.write"
SHIPPED = (
    "fever",
    "isolation",
    "pregnancy",
    "reinfection",
    "joint_branch",
    "departments",
    "home_place",
)
EVERY_MONTHS = 6


def shipped(key: str) -> Document:
    """A guide that comes with the product. Raises NotFound."""
    if key not in SHIPPED:
        raise NotFound(gettext("没有随产品提供这份指引。"))
    source = resources.files(__package__).joinpath("shipped", f"{key}.toml")
    return document_of(tomllib.loads(source.read_text(encoding="utf-8")))


def install(
    *,
    actor: Actor,
    unit: Unit,
    key: str,
    owner: Account | None = None,
    review_on: dt.date | None = None,
) -> Guide:
    """Makes a shipped guide a unit's own, as a draft."""
    actor.require(WRITE, unit.path)
    document = shipped(key)
    if Guide.objects.filter(key=key).exists():
        raise UserError(gettext("已经有这样一份指引。"), "key")
    guide = Guide.objects.create(
        unit=unit,
        key=key,
        name=document.title,
        name_en=document.title_en,
        owner=owner,
        review_on=review_on,
    )
    guide.refresh_from_db()
    Edition.objects.create(guide=guide, number=1, document=as_json(document))
    return guide


def draft_of(guide: Guide) -> Edition | None:
    """The edition that is being written."""
    return guide.editions.filter(published_at=None).select_related("guide__unit").first()


def newest(guide: Guide) -> Edition | None:
    """What is read now."""
    rows = guide.editions.filter(published_at__isnull=False, withdrawn_at=None)
    return rows.order_by("-number").select_related("guide__unit").first()


def read_document(given: Any) -> Document:
    """A document that somebody brings. Raises UserError with the place that is wrong."""
    try:
        return document_of(given)
    except ValidationError as problem:
        fault = problem.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "document"
        words = {"where": where, "why": fault["msg"]}
        raise UserError(
            gettext("内容里“%(where)s”不符合要求：%(why)s") % words, "document"
        ) from None


@verb(permission=WRITE, on="guide")
def save_document(
    *, actor: Actor, guide: Guide, document: Any, version: int | None = None
) -> Edition:
    """Keeps a whole document as the guide's draft. Raises UserError, Stale for an old version.

    `version`: of the draft that was read; None where there was none.
    """
    _lock(guide)
    found, made = draft_of(guide), read_document(document)
    _not_stale(found, version, made)
    if found is None:
        last = guide.editions.aggregate(last=Max("number"))["last"] or 0
        found = Edition(guide=guide, number=last + 1)
    found.document = as_json(made)
    found.save()
    found.refresh_from_db()
    return found


@verb(permission=WRITE, on="guide")
def save_texts(
    *, actor: Actor, guide: Guide, texts: Mapping[str, str], version: int | None = None
) -> Edition:
    """Changes texts of the guide, each under the way to it (`questions.0.text`), in its draft."""
    found = draft_of(guide) or newest(guide)
    if found is None:
        raise UserError(gettext("这份指引还没有内容。"))
    document = as_json(document_in(found))
    known = dict(texts_of(document))
    for way, text in texts.items():
        if way not in known:
            raise UserError(gettext("没有这一处文字。"), way)
        _put(document, way, text.replace("\r\n", "\n").strip())
    return save_document(actor=actor, guide=guide, document=document, version=version)


def _put(document: Any, way: str, text: str) -> None:
    *path, last = way.split(".")
    for part in path:
        document = document[int(part) if part.isdecimal() else part]
    document[last] = text


@verb(permission=WRITE, on="guide")
def discard_draft(*, actor: Actor, guide: Guide) -> None:
    """Throws the draft away; what is published stays."""
    found = draft_of(guide)
    if found is None:
        raise UserError(gettext("没有草稿。"))
    if newest(guide) is None:
        raise UserError(gettext("这份指引还没有发布过，草稿不能丢弃。"))
    found.delete()


@verb(permission=WRITE, on="guide")
def publish_draft(
    *,
    actor: Actor,
    guide: Guide,
    note: Annotated[str, Text(_("改了什么"), help=_("一句话，写给以后查的人。"))],
    version: Annotated[int | None, Version()] = None,
    at: dt.datetime | None = None,
) -> Edition:
    """Publishes the draft: from now on it is what everybody reads who begins.

    Raises UserError with all that is wrong with it; its cases run before.
    """
    _lock(guide)
    found = draft_of(guide)
    if found is None:
        raise UserError(gettext("没有草稿可以发布。"))
    document = document_in(found)
    if version is not None and found.version != version:
        raise Stale(gettext("别人刚刚改过这份草稿，请看过再发布。"), {"version": found.version})
    at = at or timezone.now()
    if faults := faults_of(document, today()):
        raise UserError("\n".join(faults))
    found.note, found.published_at, found.published_by_id = note, at, actor.account_id or None
    found.save()
    guide.name, guide.name_en = document.title[:60], document.title_en[:80]
    guide.save(update_fields=["name", "name_en"])
    found.refresh_from_db()
    return found


@verb(permission=WRITE, on="edition")
def withdraw_edition(
    *,
    actor: Actor,
    edition: Edition,
    reason: Annotated[str, Reason()],
    at: dt.datetime | None = None,
) -> Edition:
    """Takes back what was published: the edition before it is read again, or none."""
    _lock(edition.guide)
    edition.refresh_from_db()
    if edition.published_at is None or edition.withdrawn_at is not None:
        raise UserError(gettext("这一版没有发布，或已经撤回。"))
    because(reason)
    edition.withdrawn_at = at or timezone.now()
    edition.save(update_fields=["withdrawn_at"])
    return edition


@verb(permission=WRITE, on="guide")
def review_guide(
    *,
    actor: Actor,
    guide: Guide,
    on: Annotated[dt.date, Date(_("复核日期"))],
    next_on: Annotated[dt.date, Date(_("下次复核"), help=_("到那天前一周提醒负责人。"))],
) -> Guide:
    """Notes that the guide was compared with its sources, and when that is due again."""
    if on > today():
        raise UserError(gettext("复核日期不能在今天以后。"), "on")
    if next_on <= on:
        raise UserError(gettext("下次复核应在这次以后。"), "next_on")
    guide.reviewed_on, guide.review_on = on, next_on
    guide.save(update_fields=["reviewed_on", "review_on"])
    guide.refresh_from_db()
    return guide


def _lock(guide: Guide) -> None:
    """One writer of a guide at a time."""
    Guide.objects.select_for_update().get(pk=guide.pk)


def _not_stale(found: Edition | None, version: int | None, made: Document) -> None:
    """A draft that changed since it was read is shown beside what was typed."""
    if found is None or version == found.version:
        return
    mine, theirs = dict(texts_of(as_json(made))), dict(texts_of(found.document))
    differing: dict[str, object] = {
        way: text for way, text in theirs.items() if mine.get(way) != text
    }
    raise Stale(gettext("别人刚刚改过这份草稿。"), {**differing, "version": found.version})
