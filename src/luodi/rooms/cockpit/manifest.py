"""One page for who leads: what it brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import LEADERS, Job, Manifest, Place

MANIFEST = Manifest(
    label=_("一屏"),
    prefix="cockpit/",
    permissions={"cockpit.view": LEADERS, "cockpit.choose": {"office", "secretary"}},
    places=[Place("cockpit:cockpit", _("一屏"), "chart", Job.TODAY, ("cockpit.view",))],
)
