"""Static files: hashed and compressed once collected, served as they are before that."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    manifest_strict = False

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        """The name with its content's hash; the plain name of what was not collected."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
