"""What the room brings: Offers and needs between enterprises, kept secret from rivals."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("供需对接"), prefix="exchange/")
