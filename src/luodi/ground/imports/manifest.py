"""Ledgers from files: what imports bring. What can be imported stands in each room's manifest."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(
    label=_("导入"),
    prefix="imports/",
    permissions={"imports.run": {"office", "instructor"}},
)
