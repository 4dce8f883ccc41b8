"""The first page of a person: what it brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Job, Manifest, Place

MANIFEST = Manifest(
    label=_("工作台"),
    places=[Place("home", _("工作台"), "home", Job.TODAY, phone=_("工作台"))],
)
