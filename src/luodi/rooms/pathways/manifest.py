"""What the room brings: development of members, two-way training, terms of office, dues."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import BRANCHES, LEADERS, Job, Manifest, Place
from luodi.rooms.pathways.privacy import FIELDS

MANIFEST = Manifest(
    label=_("培养"),
    prefix="pathways/",
    permissions={
        "pathways.view": BRANCHES,
        "pathways.write": {"office", "instructor", "branch_secretary"},
        "pathways.approve": {"office", "secretary", "deputy"},
        "pathways.file": {"office", "county_officer"},
        "pathways.except": LEADERS,
    },
    places=[
        Place("pathways:journeys", _("发展党员"), "people", Job.PEOPLE, ("pathways.view",)),
    ],
    personal=FIELDS,
)
