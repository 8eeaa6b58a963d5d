"""Archives whose bytes depend on nothing but what is in them: the same list is the same file, whenever it is made."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class DatedArchive(ZipFile):
    """A new archive in which everything is of one date, instead of the hour at which it was written."""

    def __init__(self, file: IO[bytes], *, date: datetime) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._date = date.timetuple()[:6]

    def entry(self, name: str) -> ZipInfo:
        found = ZipInfo(name, self._date)
        found.compress_type = ZIP_DEFLATED
        return found

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **options: Any) -> None:
        name = zinfo_or_arcname
        super().writestr(self.entry(name) if isinstance(name, str) else name, data, *args, **options)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **options: Any) -> None:
        with Path(filename).open("rb") as source, self.open(self.entry(arcname), "w", force_zip64=True) as packed:
            shutil.copyfileobj(source, packed)
