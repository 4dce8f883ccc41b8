"""What the room brings: meetings and other gatherings, from plan to minutes."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import BRANCHES, ENTERPRISES, READERS, Manifest

MANIFEST = Manifest(
    label=_("活动"),
    prefix="gatherings/",
    permissions={
        "gatherings.view": READERS | ENTERPRISES | {"department_officer"},
        "gatherings.write": BRANCHES | {"department_officer"},
    },
)
