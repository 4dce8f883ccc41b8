"""No mail, please: by a signed address in each mail, without signing in, or in the inbox."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.notices.models import NoMail
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotFound

SALT = "luodi.no-mail"


def address_of(account_id: int) -> str:
    """Where whoever has the account's mail can stop it. It does not expire."""
    path = reverse("notices:no_mail", args=[signing.dumps(account_id, salt=SALT)])
    return settings.SITE_URL.rstrip("/") + path


def account_of(token: str) -> int:
    """Whose mail it is about. Raises NotFound for a forged address."""
    try:
        return int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("没有这个页面。")) from None


def want_mail(*, account_id: int, wanted: bool) -> None:
    """Keeps whether an account wants its messages by mail too."""
    with acting(SYSTEM):
        if wanted:
            NoMail.objects.filter(account_id=account_id).delete()
        else:
            NoMail.objects.get_or_create(account_id=account_id)


def wants_mail(account_id: int) -> bool:
    return not NoMail.objects.filter(account_id=account_id).exists()
