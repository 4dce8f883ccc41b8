"""What the room brings: meetings and other gatherings, from plan to minutes."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("活动"), prefix="gatherings/")
