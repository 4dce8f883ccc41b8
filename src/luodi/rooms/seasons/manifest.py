"""What the room brings: Seasons of performances: wishes, quiet times, tours."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("演出季"), prefix="seasons/")
