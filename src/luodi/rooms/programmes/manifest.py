"""Programmes, measures and targets: what they bring."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import LEADERS, READERS, Finder, Job, Manifest, Part, Place
from luodi.rooms.programmes.belongings import BELONGINGS
from luodi.rooms.programmes.finders import find_programmes
from luodi.rooms.programmes.parts import deadlines_of, decisions_of, lights_of, mine, promised_by

MANIFEST = Manifest(
    label=_("四大工程"),
    prefix="programmes/",
    permissions={
        "programmes.view": READERS | {"department_officer"},
        "programmes.write": LEADERS,
    },
    workbench=[Part("programmes/measures_part.html", mine, rank=30)],
    unit_page=[Part("programmes/measures_part.html", promised_by, rank=30)],
    cockpit=[Part("programmes/cockpit_part.html", lights_of, rank=20)],
    decisions=decisions_of,
    belongings=BELONGINGS,
    deadlines=deadlines_of,
    search=[Finder(_("工程和举措"), find_programmes, ("programmes.view",))],
    places=[
        Place("programmes:board", _("四大工程"), "flag", Job.NUMBERS, ("programmes.view",)),
    ],
)
