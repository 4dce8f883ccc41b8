"""One search for everything: what it brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Job, Manifest, Place

MANIFEST = Manifest(
    label=_("搜索"),
    prefix="search/",
    places=[Place("search:search", _("搜索"), "search", Job.TODAY)],
)
