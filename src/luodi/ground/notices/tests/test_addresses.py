"""An account's name and mail: changed by its holder, who answers a mail, or by who answers for it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone
from tests.casework_pages import post
from tests.zone import Zone

from luodi.ground.audit.models import Entry
from luodi.ground.notices import api as notices
from luodi.ground.scope import api as scope
from luodi.lib.errors import NotAllowed, NotFound, UserError


def ask(zone: Zone, **changes: str) -> str:
    """Asks as the liaison; the path in the mail that comes."""
    given = {"name": "示例新名", "email": "new@example.org"} | changes
    notices.ask_to_change(actor=zone.actor("liaison"), **given)
    assert notices.deliver() == (1, 0)
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_nothing_changes_until_the_mail_is_answered(zone: Zone) -> None:
    liaison, account = zone.client("liaison"), zone.accounts["liaison"]
    form = {"name": "示例新名", "email": "new@example.org"}
    assert post(liaison, "/notices/my-address/", **form).url == "/me/"
    account.refresh_from_db()
    assert account.email == ""
    notices.deliver()
    (message,) = mail.outbox
    assert message.to == ["new@example.org"]
    assert "List-Unsubscribe" not in message.extra_headers
    path = re.search(r"https?://[^/]+(/\S+)", str(message.body)).group(1)  # type: ignore[union-attr]
    assert "new@example.org" in liaison.get(path).content.decode()
    assert zone.client("office").get(path).status_code == 404
    assert post(liaison, path).url == "/me/"
    account.refresh_from_db()
    assert (account.name, account.email) == ("示例新名", "new@example.org")
    assert liaison.get(path).status_code == 404  # once
    changes = Entry.objects.filter(subject="scope_account", subject_id=account.pk).latest("id")
    assert changes.changes["name"] == ["示例liaison", "示例新名"]


def test_the_former_address_hears_of_it(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    account.email = "old@example.org"
    account.save()
    token = ask(zone).strip("/").split("/")[-1]
    notices.confirm_address(actor=zone.actor("liaison"), token=token)
    notices.deliver()
    assert mail.outbox[-1].to == ["old@example.org"]


def test_what_is_refused(zone: Zone) -> None:
    with pytest.raises(NotFound):
        notices.confirmed(zone.actor("liaison"), "forged")
    for wrong in ({"name": " "}, {"email": " "}, {"name": "示例liaison", "email": ""}):
        with pytest.raises(UserError):
            ask(zone, **wrong)
    for number in range(5):
        ask(zone, email=f"{number}@example.org")
    with pytest.raises(UserError, match="明天"):
        ask(zone, email="6@example.org")
    later = timezone.now() + dt.timedelta(days=2)
    notices.ask_to_change(actor=zone.actor("liaison"), name="示例", email="7@example.org", at=later)


def test_the_security_administrator_changes_it_at_once(zone: Zone) -> None:
    account, admin = zone.accounts["liaison"], zone.actor("security_admin")
    scope.change_account(actor=admin, account=account, name="示例新名", email="n@example.org")
    account.refresh_from_db()
    assert (account.name, account.email) == ("示例新名", "n@example.org")
    with pytest.raises(UserError):
        scope.change_account(actor=admin, account=account, name=" ")
    with pytest.raises(NotAllowed):
        scope.change_account(actor=zone.actor("office"), account=account, name="示例")
