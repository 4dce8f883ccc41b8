"""Telling people in their chat: once or not at all, and said.

A card has a title, a number and a link that asks for sign-in: the vendor and the phone's lock screen
read it, so no text of a case and nobody's name is in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luodi.ground.chat.models import Binding, Told
from luodi.ground.chat.talking import Refused, send_card
from luodi.ground.chat.vendors import VENDORS, Card
from luodi.ground.chat.wire import NoAnswer
from luodi.ground.scope.api import SYSTEM, Account, Actor, acting, actor_for
from luodi.manifest import Button, manifests

MOST_TRIES = 5
MOST = 200
MINUTE = dt.timedelta(minutes=1)
GONE = dt.timedelta(minutes=15)  # longer than any try lasts
Status = Told.Status


def tell_chats(told: Iterable[tuple[int, str, str, str]]) -> int:
    """Puts a card on its way for each (account, key, number, address) whose account is bound somewhere.

    number: what it is about, such as WT2026-000012; "" where there is none. The same key once an app.
    """
    wanted = list(told)
    bound: dict[int, list[Binding]] = {}
    rows = Binding.objects.filter(
        account_id__in={one[0] for one in wanted},
        account__is_active=True,
        app__is_active=True,
    )
    for one in rows:
        bound.setdefault(one.account_id, []).append(one)
    cards = [
        Told(
            binding=binding,
            account_id=account,
            key=f"{key}:{binding.pk}"[:140],
            title=_("落地：有一件事等您看")
            if not number
            else _("落地：%(number)s") % {"number": number},
            line=_("打开后可以看到内容。"),
            url=url,
        )
        for account, key, number, url in wanted
        for binding in bound.get(account, ())
    ]
    return len(Told.objects.bulk_create(cards, ignore_conflicts=True))


def buttons_for(actor: Actor, url: str) -> list[Button]:
    """What the actor may do at once about what an address is about; the rooms say."""
    return [
        one for manifest in manifests() if manifest.buttons for one in manifest.buttons(actor, url)
    ]


def send_waiting(now: dt.datetime | None = None) -> tuple[int, int]:
    """Sends what waits; how many arrived, how many did not. Each is marked before it is sent.

    An app that does not answer is asked once in a run.
    """
    sent = failed = 0
    shut: set[int] = set()
    at = now or timezone.now()
    with acting(SYSTEM):
        Told.objects.filter(status=Status.SENDING, tried_at__lt=at - GONE).update(
            status=Status.UNSURE, said=_("发送途中中断，不知道对方是否收到。")
        )
    while sent + failed < MOST and (one := _mark(at, shut)):
        if _send(one, at, shut):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _mark(now: dt.datetime, shut: set[int]) -> Told | None:
    with acting(SYSTEM):
        one = (
            Told.objects.filter(status=Status.WAITING, next_at__lte=now)
            .exclude(binding__app_id__in=shut)
            .select_related("binding__app", "account")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("tries", "id")
            .first()
        )
        if one is not None:
            one.status, one.tries, one.tried_at = Status.SENDING, one.tries + 1, now
            one.save(update_fields=["status", "tries", "tried_at"])
        return one


def _send(one: Told, now: dt.datetime, shut: set[int]) -> bool:
    app = one.binding.app
    try:
        said, status = send_card(app, one.binding.userid, _card(one)), Status.SENT
    except NoAnswer as problem:
        said, status = str(problem), Status.UNSURE if problem.unsure else Status.WAITING
        shut.add(app.pk)
    except Refused as problem:  # the next one to another person may pass
        said, status = str(problem), Status.WAITING
    if status == Status.WAITING and one.tries >= MOST_TRIES:
        status = Status.FAILED
    with acting(SYSTEM):
        Told.objects.filter(pk=one.pk).update(
            status=status, said=said[:300], next_at=now + MINUTE * 2 ** (one.tries - 1)
        )
    return status == Status.SENT


def _card(one: Told) -> Card:
    address = f"{settings.SITE_URL}/chat/{one.binding.app_id}/in/?next={one.url}"
    return Card(one.title, one.line, address, task=f"luodi-{one.pk}", buttons=_buttons(one))


def _buttons(one: Told) -> tuple[tuple[str, str], ...]:
    if not VENDORS[one.binding.app.vendor].buttons:
        return ()
    reader = actor_for(one.account)
    with acting(reader), translation.override(one.account.language):
        return tuple((b.key, str(b.label)) for b in buttons_for(reader, one.url))[:6]


def press(*, told: int, userid: str, key: str) -> str:
    """Does what a button says, as who pressed it; the sentence that says what came of it.

    Once: the same press again gives what it gave. Refusals are the verb's own sentences.
    """
    with acting(SYSTEM):
        one = (
            Told.objects.select_related("binding__app", "account")
            .select_for_update(of=("self",))
            .filter(pk=told, binding__userid=userid, account__is_active=True)
            .first()
        )
        if one is None:
            return _("这条消息不是发给您的。")
        if one.pressed:
            return _("已经办过了。")
        account: Account = one.account
        reader = actor_for(account)
        with acting(reader), translation.override(account.language):
            found = next((b for b in buttons_for(reader, one.url) if b.key == key), None)
            if found is None:
                return _("现在不能这样办了，请打开看。")
            label = found.press()
        Told.objects.filter(pk=one.pk).update(pressed=key)
    return str(label)
