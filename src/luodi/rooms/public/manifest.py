"""The public's pages: what they bring."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import Manifest

MANIFEST = Manifest(label=_("公众页面"), prefix="public/")
