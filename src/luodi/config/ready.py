"""Bringing a process to the point where Django and its database can be used."""

from __future__ import annotations

import os
from pathlib import Path

import django

from luodi.config.database import MIGRATE, as_role, from_url
from luodi.lib.errors import UserError
from luodi.lib.postgres import Cluster, bootstrap, default_data_dir

DATABASE_NAME = os.environ.get("LUODI_DATABASE_NAME", "luodi")


def data_dir() -> Path:
    """The data folder: `LUODI_DATA`, or the usual place of this user."""
    return Path(os.environ.get("LUODI_DATA") or default_data_dir()).expanduser()


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def cluster() -> Cluster:
    return Cluster(data_dir() / "postgres")


def ready(migrate: bool = True) -> None:
    """Has the database running, with its roles and an up-to-date schema, and Django set up.

    Raises UserError or ClusterError with a sentence that says what to do.
    """
    (data_dir() / "static").mkdir(parents=True, exist_ok=True)
    if is_embedded():
        server = cluster()
        server.start()
        bootstrap(
            server.dsn("postgres", "postgres"),
            dbname=DATABASE_NAME,
            passwords=server.passwords,
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.config.settings")
    try:
        django.setup()
    except ValueError as problem:  # a setting that is none
        raise UserError(f"设置有误（a setting is wrong）：{problem}") from None
    if migrate and outdated():
        apply_migrations()


def outdated() -> bool:
    """Whether the schema is older than the program, or not what the models declare."""
    from django.db.utils import OperationalError

    from luodi.ground.search.indexing import outdated_indexes
    from luodi.ground.tables.api import differences, pending

    try:
        return pending() or bool(differences()) or any(outdated_indexes())
    except OperationalError as problem:
        raise UserError(f"数据库连不上（cannot reach the database）：{problem}") from None


def apply_migrations() -> None:
    """Brings the schema up to date and to what is declared, as the role that owns it."""
    from django.conf import settings
    from django.core.management import call_command

    from luodi.ground.search.indexing import rebuild_indexes

    if is_embedded():
        url = cluster().dsn(MIGRATE, DATABASE_NAME)
    elif settings.MIGRATE_URL:
        url = settings.MIGRATE_URL
    else:
        raise UserError(
            "数据库结构需要更新，或被改动过（见 luodi db check），请设置 LUODI_MIGRATE_URL（角色 luodi_migrate）后执行"
            " luodi db migrate。 The schema is older than the program, or was altered (luodi db check):"
            " set LUODI_MIGRATE_URL, run luodi db migrate."
        )
    with as_role(from_url(url)):
        call_command("migrate", verbosity=0)
        rebuild_indexes(print)
