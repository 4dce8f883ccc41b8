"""What the room brings: The home for the old: assessment, care plan, medicines, bills."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("养老"), prefix="care/")
