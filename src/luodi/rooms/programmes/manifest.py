"""Programmes, measures and targets: what they bring."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import LEADERS, READERS, Job, Manifest, Place

MANIFEST = Manifest(
    label=_("四大工程"),
    prefix="programmes/",
    permissions={
        "programmes.view": READERS | {"department_officer"},
        "programmes.write": LEADERS,
    },
    places=[
        Place("programmes:board", _("四大工程"), "flag", Job.NUMBERS, ("programmes.view",)),
    ],
)
