"""What the room brings: Training classes: cohorts, timetable, credit hours, certificates."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("培训班"), prefix="classes/")
