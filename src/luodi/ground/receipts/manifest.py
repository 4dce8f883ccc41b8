"""Receipts: a write happens once, however often it is sent."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("回执"))
