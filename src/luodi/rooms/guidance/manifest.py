"""What the room brings: Guides of one question a page, dated and cited."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("指引"), prefix="guides/")
