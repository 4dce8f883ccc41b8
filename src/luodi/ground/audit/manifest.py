"""The trail: what it brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Job, Manifest, Place

MANIFEST = Manifest(
    label=_("审计"),
    prefix="audit/",
    permissions={"trail.view": {"auditor"}},
    places=[
        Place("audit:trail", _("审计记录"), "trail", Job.ADMINISTRATION, powers=("trail",)),
        Place("audit:seals", _("存证"), "seal", Job.ADMINISTRATION, powers=("trail",)),
    ],
)
