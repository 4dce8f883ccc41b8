"""Word to the holder of an account whose password somebody keeps guessing."""

from __future__ import annotations

from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import SYSTEM, Account, acting, guessed, today


@receiver(guessed)
def told(sender: object, username: str, address: str, **rest: object) -> None:
    """Once a day and address, into the inbox, from where the digest takes it to the mailbox."""
    account = Account.objects.filter(username__iexact=username, is_active=True).first()
    if account is None:
        return
    with acting(SYSTEM), translation.override(account.language):
        tell(
            accounts=[account],
            key=f"guessed:{today()}:{address}",
            text=_(
                "有人在 %(address)s 多次输错您的密码。不是您本人的话，请确认密码只有您知道；"
                "您在别处登录不受影响。"
            )
            % {"address": address},
            url="/me/",
        )
