"""Opening an archive that somebody hands over, in little memory whatever it says of itself."""

from __future__ import annotations

import zipfile
from typing import IO, Any, Final

# A list of contents of a few thousand parts; one of 50 MB names a million and takes half a gigabyte.
LONGEST_LIST: Final = 2 * 1024 * 1024


class TooManyParts(zipfile.BadZipFile):
    """The archive's list of contents is longer than any that is taken."""


def open_zip(fp: IO[bytes], longest: int = LONGEST_LIST) -> zipfile.ZipFile:
    """The archive, for reading. Raises TooManyParts before the list of contents is read."""
    return zipfile.ZipFile(_InPieces(fp, longest))


class _InPieces:
    """A file of which nobody reads more than so much at once: zipfile reads the list whole."""

    def __init__(self, fp: IO[bytes], most: int) -> None:
        self.fp, self.most = fp, most

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise TooManyParts
        return self.fp.read(self.most if size < 0 else size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.fp, name)
