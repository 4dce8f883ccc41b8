"""What the room brings: posts and areas, tasks to claim, the backbone, studios."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import BRANCHES, READERS, Job, Manifest, Place
from luodi.rooms.pioneer.models import Project, Stand, Studio
from luodi.rooms.pioneer.privacy import FIELDS

STANDS = Resource(
    model=Stand,
    fields=["kind", "name", "unit", "place", "sentence", "duties", "opened_on"],
    columns=["name", "kind", "unit", "place", "sentence"],
    search=["name", "place", "sentence"],
    measure=_("个"),
    job=Job.PEOPLE,
    icon="flag",
)
STUDIOS = Resource(
    model=Studio,
    fields=["name", "unit", "aim", "opened_on"],
    children=[Project],
    measure=_("个"),
    job=Job.PEOPLE,
    icon="flag",
)
PROJECTS = Resource(
    model=Project,
    fields=["studio", "name", "result", "opened_on"],
    columns=["name", "studio", "result", "opened_on"],
    search=["name"],
)
MANIFEST = Manifest(
    label=_("先锋"),
    prefix="pioneer/",
    permissions={
        "pioneer.view": READERS,
        "pioneer.write": BRANCHES,
        "pioneer.raise": BRANCHES,
        "pioneer.claim": BRANCHES,
    },
    places=[
        Place("pioneer:tasks", _("认领任务"), "check", Job.PEOPLE, ("pioneer.view",)),
        Place("pioneer:backbone", _("骨干和双向进入"), "people", Job.PEOPLE, ("pioneer.view",)),
    ],
    resources=[STANDS, STUDIOS, PROJECTS],
    personal=FIELDS,
)
