"""The first page of a person: what it brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Job, Manifest, Part, Place
from luodi.rooms.workbench import preferring  # noqa: F401 - listens to sign-ins
from luodi.rooms.workbench.parts import figures_of, week_of

MANIFEST = Manifest(
    label=_("工作台"),
    places=[Place("home", _("工作台"), "home", Job.TODAY, phone=_("工作台"))],
    workbench=[
        Part("workbench/week_part.html", week_of, rank=10, place="side"),
        Part("workbench/figures_part.html", figures_of, rank=30, place="side"),
    ],
)
