"""Messages: the inbox, what was sent, the robots of groups."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Job, Manifest, Place

CONFIGURE = ("notices.configure",)

MANIFEST = Manifest(
    label=_("消息"),
    prefix="notices/",
    permissions={"notices.configure": {"office", "system_admin"}},
    places=[
        Place("notices:inbox", _("消息"), "bell", Job.TODAY, phone=_("消息")),
        Place("notices:deliveries", _("发送记录"), "send", Job.ADMINISTRATION, CONFIGURE),
        Place("notices:robots", _("群机器人"), "robot", Job.ADMINISTRATION, CONFIGURE),
    ],
)
