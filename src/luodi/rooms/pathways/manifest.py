"""What the room brings: Development of members, two-way training, terms, dues."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("培养"), prefix="pathways/")
