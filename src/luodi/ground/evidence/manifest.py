"""Evidence: files that prove what was done."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("附件"), prefix="evidence/")
