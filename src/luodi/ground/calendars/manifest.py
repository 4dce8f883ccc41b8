"""The working calendar: what it brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Job, Manifest, Place

MANIFEST = Manifest(
    label=_("工作日历"),
    prefix="calendars/",
    permissions={"calendar.write": {"system_admin"}},
    places=[
        Place(
            *("calendars:calendars", _("工作日历"), "calendar"),
            *(Job.ADMINISTRATION, ("calendar.write",)),
        )
    ],
)
