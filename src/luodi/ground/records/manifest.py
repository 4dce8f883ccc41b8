"""Kinds of records: what they bring follows from each declaration."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("记录"))
