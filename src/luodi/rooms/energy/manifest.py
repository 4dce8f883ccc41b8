"""What the room brings: Meters, green power contracts, monthly bills, carbon."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("绿电和碳"), prefix="energy/")
