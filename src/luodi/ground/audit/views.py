"""The trail, one record's history, and the seals."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luodi.ground.audit.forms import TrailFilter
from luodi.ground.audit.history import (
    entries_of,
    may_read,
    reached,
    record_of,
    steps,
    with_who,
)
from luodi.ground.audit.models import Entry, Seal
from luodi.ground.audit.seal import verify
from luodi.ground.audit.words import (
    Lookup,
    Names,
    action_label,
    changes,
    names_for,
    subject_label,
    tables,
)
from luodi.ground.scope.api import Request
from luodi.lib.errors import NotAllowed
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

TOLD = 4  # changes of an entry that the list shows; the history shows all
AT_ONCE = 300_000  # entries that a page verifies while one waits


def _require_trail(request: Request) -> None:
    if "trail" not in request.actor.powers:
        raise NotAllowed(_("只有审计管理员可以查看审计记录。"))


@login_required
def trail(request: Request) -> HttpResponseBase:
    """Every entry, newest first; only for who holds the power `trail`."""
    _require_trail(request)
    columns = [
        Column("at", _("时间"), sort="id", value=_second),
        Column("who", _("操作人"), value=lambda e: e.who or "—"),
        Column("action", _("动作"), value=lambda e: action_label(e.action)),
        Column(
            "subject",
            _("对象"),
            value=lambda e: f"{subject_label(e.subject)} {e.subject_id}",
            link=history_address,
            phone="title",
        ),
        Column("changes", _("内容"), value=lambda e: _summary(e, names)),
        Column("why", _("原因")),
    ]
    listing = Listing(
        request,
        reached(request.actor, with_who()),
        columns=columns,
        default_sort="-at",
        name="trail",
        title=_("审计记录"),
        filters=TrailFilter,
    )
    names: Names = SimpleLazyObject(  # type: ignore[assignment]
        lambda: Lookup() if request.GET.get("format") == "xlsx" else names_for(listing.rows)
    )
    return listing.export() or show(request, "audit/trail.html", {"listing": listing})


def _second(entry: Entry) -> str:
    return localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")


def history_address(entry: Entry) -> str:
    """Where the history of the entry's record stands; "" for what has none."""
    if not entry.subject_id or entry.subject not in tables():
        return ""
    return reverse("audit:history", args=[entry.subject, entry.subject_id])


def _summary(entry: Entry, names: Names) -> SafeString:
    told = changes(entry, names) or changes(entry, names, unnamed=True)
    text = format_html_join(_("；"), "{}", ((sentence,) for sentence in told[:TOLD]))
    return format_html("{}{}", text, "……" if len(told) > TOLD else "")


@login_required
def history(request: Request, subject: str, pk: str) -> HttpResponse:
    """One record's history in plain words, as far as the asker may see the record."""
    whole_trail = "trail" in request.actor.powers and not request.actor.everything
    if "\0" in pk or subject not in tables():
        raise Http404
    try:
        entries = list(entries_of(subject, pk, whole_trail=whole_trail))
    except ValueError:  # no id of this kind of record
        raise Http404 from None
    if whole_trail:
        in_reach = set(
            reached(request.actor, Entry.objects.filter(pk__in=[one.pk for one in entries]))
            .order_by()
            .values_list("pk", flat=True)
        )
        entries = [entry for entry in entries if entry.pk in in_reach]
    else:
        entries = [entry for entry in entries if may_read(request.actor, entry)]
    if not entries:
        raise Http404
    record, page = record_of(subject, pk)
    context = {
        "steps": list(steps(entries)),
        "subject": subject_label(subject),
        "pk": pk,
        "record": record,
        "page": page,
        "auditor": whole_trail,
    }
    return show(request, "audit/history.html", context)


@login_required
def seals(request: Request) -> HttpResponseBase:
    """The seals, to be printed and kept outside the database; `?verify=1` checks them."""
    _require_trail(request)
    listing = Listing(
        request,
        Seal.objects.all(),
        columns=[
            Column("id", _("序号"), sort="id", align="end"),
            Column("at", _("存证时间"), sort="id", phone="title"),
            Column("entries", _("条数"), align="end"),
            Column(
                "range",
                _("范围"),
                value=lambda s: f"{s.epoch}：{s.xid_from}–{s.xid_to}",
                phone="hide",
            ),
            Column(
                "root",
                _("根校验值"),
                value=lambda s: _hex(s.root),
                export=lambda s: bytes(s.root).hex(),
            ),
            Column(
                "digest",
                _("存证值"),
                value=lambda s: _hex(s.digest),
                export=lambda s: bytes(s.digest).hex(),
            ),
        ],
        default_sort="-id",
        name="seals",
        title=_("审计存证"),
        empty=_("还没有存证。后台每五分钟存证一次新写入的记录。"),
    )
    if file := listing.export():
        return file
    asked = "verify" in request.GET
    too_many = asked and Entry.objects.all()[: AT_ONCE + 1].count() > AT_ONCE
    verdict = verify() if asked and not too_many else None
    context = {"listing": listing, "verdict": verdict, "too_many": too_many}
    return show(request, "audit/seals.html", context)


def _hex(value: bytes) -> SafeString:
    return format_html('<span class="digest">{}</span>', bytes(value).hex())
