"""What the room brings: Pioneer posts, areas, and tasks to claim."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("先锋"), prefix="pioneer/")
