"""Messages: the inbox, what was sent, the robots of groups."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.parts import unread, unread_count
from luodi.manifest import Job, Manifest, Part, Place

CONFIGURE = ("notices.configure",)


def listen() -> None:
    from luodi.ground.notices import guesses  # noqa: F401 - listens


MANIFEST = Manifest(
    ready=listen,
    label=_("消息"),
    prefix="notices/",
    permissions={"notices.configure": {"office", "system_admin"}},
    workbench=[Part("notices/unread_part.html", unread, rank=5, place="side")],
    places=[
        Place(
            *("notices:inbox", _("消息"), "bell", Job.TODAY),
            phone=_("消息"),
            badge=unread_count,
        ),
        Place("notices:deliveries", _("发送记录"), "send", Job.ADMINISTRATION, CONFIGURE),
        Place("notices:robots", _("群机器人"), "robot", Job.ADMINISTRATION, CONFIGURE),
    ],
)
