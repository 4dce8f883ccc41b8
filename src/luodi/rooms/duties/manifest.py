"""What the room brings: What must happen how often; fulfilled by gatherings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("应办事项"), prefix="duties/")
