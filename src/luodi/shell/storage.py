"""Static files: served from the package by whitenoise, with hashed names when collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    manifest_strict = False
