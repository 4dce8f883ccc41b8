"""A backup is one tar file: the database, the evidence files, the site's secret,
its signing key and fonts, a manifest.

It is written beside its target and renamed when whole. Restoring puts the records back, begins a
new epoch of the audit trail (transaction ids start anew), and tells the database the key.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from luodi import __version__
from luodi.config.ready import DATABASE_NAME, cluster, data_dir, is_embedded, ready
from luodi.lib.errors import UserError
from luodi.lib.postgres import backup as tools
from luodi.lib.postgres.binaries import Binaries

MANIFEST = "manifest.json"
DUMP = "database.dump"
# of the data folder; the signing key is encrypted under the secret that travels with it
KEPT = ("secret_key", "report_signing_key.pem", "evidence", "fonts")


def save(target: Path) -> int:
    """Writes a whole backup to `target` (mode 0600); returns its size in bytes."""
    target = target.expanduser().resolve()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".luodi-backup-") as folder:
        dump, packed = Path(folder) / DUMP, Path(folder) / "all.tar"
        if is_embedded():
            cluster().dump(dump, DATABASE_NAME)
        else:
            tools.dump(_own_programs(), _own_params("LUODI_MIGRATE_URL"), dump)
        manifest = {"luodi": __version__, "made_at": datetime.now(UTC).isoformat()}
        with tarfile.open(packed, "w") as archive:
            _add_bytes(archive, MANIFEST, json.dumps(manifest).encode())
            archive.add(dump, DUMP)
            for name in KEPT:
                if (data_dir() / name).exists():
                    archive.add(data_dir() / name, name)
        packed.chmod(0o600)
        with packed.open("rb") as stream:
            os.fsync(stream.fileno())
        packed.replace(target)
    return target.stat().st_size


def restore(source: Path, admin_url: str | None = None) -> None:
    """Puts the backup in the place of database, evidence and secret; all of it or nothing."""
    with tempfile.TemporaryDirectory(dir=_made(data_dir()), prefix=".luodi-restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(source) as archive:
                unpack(archive, folder)
            json.loads((folder / MANIFEST).read_text())
        except (OSError, tarfile.TarError, ValueError) as problem:
            raise UserError(f"{source} 不是完整的备份（not a whole backup）：{problem}") from None
        if is_embedded():
            server = cluster()
            server.start()
            server.restore(folder / DUMP, DATABASE_NAME)
            admin = server.dsn("postgres", DATABASE_NAME)
        else:
            admin = str(admin_url)
            params = {**conninfo_to_dict(admin)}
            wanted = _own_params("DATABASE_URL")
            passwords = {
                "luodi_app": wanted["password"],
                "luodi_migrate": _own_params("LUODI_MIGRATE_URL")["password"],
            }
            filled = {key: str(params.get(key, "")) for key in _KEYS}
            tools.restore(_own_programs(), filled, folder / DUMP, wanted["dbname"], passwords)
            admin = psycopg.conninfo.make_conninfo(admin, dbname=wanted["dbname"])
        for part in KEPT:
            _exchange(folder / part, data_dir() / part)
    _begin_epoch(admin)


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Files and folders, as ours, inside `folder`: `filter="data"`, which Debian 12's Python lacks.

    Raises TarError for a member that would be anything or anywhere else.
    """
    for member in archive:
        inside = (folder / member.name).resolve().is_relative_to(folder.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(member.name)
        member.mode &= 0o755
        member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
        archive.extract(member, folder)


_KEYS = ("host", "port", "user", "password", "dbname")


def has_records() -> bool:
    """Whether there is a database with units in it."""
    if is_embedded() and not (data_dir() / "postgres/pgdata").exists():
        return False
    ready(migrate=False)
    from django.db import ProgrammingError, connection

    from luodi.ground.scope.api import Unit

    try:
        return Unit.objects.exists()
    except ProgrammingError:
        return False
    finally:
        connection.close()  # a restore ends whatever is connected


def _begin_epoch(admin: str) -> None:
    """A new epoch, and the key of the restored secret: both are the superuser's to write."""
    with psycopg.connect(admin) as connection:  # before any migration writes to the trail
        connection.execute("INSERT INTO audit_epoch SELECT max(number) + 1, now() FROM audit_epoch")
        # who was signed in then is not signed in now, and what was guessed then is not remembered
        for table in ("django_session", "usersessions_usersession", "luodi_cache"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
    ready()
    from luodi.ground.audit.api import set_aside
    from luodi.ground.scope.api import signing_key

    set_aside()
    with psycopg.connect(admin) as connection:
        connection.execute("UPDATE scope_key SET key = %s", [signing_key()])


def _own_programs() -> Binaries:
    """The client programs of the server's own version: another's dump may not be read back."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        major = connection.info.server_version // 10_000
    folders = [Path(f"/usr/lib/postgresql/{major}/bin")]
    if found := shutil.which("pg_dump"):
        folders.append(Path(found).parent)
    for folder in folders:
        if (folder / "pg_dump").exists():
            return Binaries(folder, str(major))
    raise UserError(
        f"找不到 pg_dump，请安装 postgresql-client-{major}。 Install postgresql-client-{major}."
    )


def _own_params(variable: str) -> dict[str, str]:
    found = conninfo_to_dict(os.environ.get(variable, ""))
    return {key: str(found.get(key, "")) for key in _KEYS}


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _exchange(fresh: Path, present: Path) -> None:
    if not fresh.exists():
        return
    former = present.with_name(f".{present.name}.former")
    if present.exists():
        present.rename(former)
    fresh.rename(present)
    if former.is_dir():
        shutil.rmtree(former)
    else:
        former.unlink(missing_ok=True)


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))
