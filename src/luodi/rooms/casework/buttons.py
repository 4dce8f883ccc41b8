"""What one may do with a case at once, from a message in a chat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.scope.api import Actor
from luodi.manifest import Button
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.standing import available
from luodi.rooms.casework.verbs.handing import accept, receive, return_

ADDRESS = re.compile(r"^/cases/([A-Z]{2}\d{4}-\d{6,})/$")
# By the transition's verb: the call, and what the card says afterwards. What needs words of one's own
# is done on the page.
AT_ONCE: dict[str, tuple[Callable[..., Case], str | Promise]] = {
    "receive": (receive, gettext_lazy("已受理")),
    "accept": (accept, gettext_lazy("已接收")),
    "return_": (return_, gettext_lazy("已退回")),
}


def buttons_of(actor: Actor, url: str) -> Iterator[Button]:
    """The steps that the actor may take now with the case behind an address."""
    found = ADDRESS.match(url)
    case = found and Case.objects.filter(code=found[1]).first()
    if not case:
        return
    for one in available(actor, case):
        if one.verb in AT_ONCE:
            yield Button(one.verb, str(one.label), partial(_press, actor, case, one.verb))


def _press(actor: Actor, case: Case, verb: str) -> str | Promise:
    call, done = AT_ONCE[verb]
    more: dict[str, Any] = (
        {"reason": _("在聊天里退回，原因请与我联系。")} if verb == "return_" else {}
    )
    call(actor=actor, case=case, version=case.version, **more)
    return done
