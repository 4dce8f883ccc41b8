"""What the room brings: development of members, two-way training, terms of office, dues."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.manifest import BRANCHES, LEADERS, Finder, History, Job, Manifest, Part, Place
from luodi.rooms.pathways.parts import deadlines_of, find_journeys, of_person, waiting
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
        # who collects the dues of a branch; nobody above sees a base or an amount of a person
        "dues.keep": {"branch_secretary"},
    },
    places=[
        Place("pathways:journeys", _("发展党员"), "people", Job.PEOPLE, ("pathways.view",)),
        Place("pathways:pairings", _("双向培养"), "people", Job.PEOPLE, ("pathways.view",)),
        Place("pathways:terms", _("任期和设置"), "calendar", Job.PEOPLE, ("pathways.view",)),
        Place("pathways:dues", _("党费"), "ledger", Job.PEOPLE, ("dues.keep",)),
    ],
    workbench=[Part("pathways/waiting_part.html", waiting, rank=35)],
    person_page=[Part("pathways/person_part.html", of_person, rank=40)],
    deadlines=deadlines_of,
    search=[Finder(_("发展党员"), find_journeys, ("pathways.view",), more="pathways:journeys")],
    histories=[
        History(
            "pathways_journey",
            [("pathways_fact", "journey_id"), ("pathways_interruption", "journey_id")],
            permission="pathways.view",
            page=lambda row: reverse("pathways:journey", args=[row.pk]),
        ),
    ],
    personal=FIELDS,
)
