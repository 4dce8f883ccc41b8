"""`luodi db`: the database of the site, embedded or one's own."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from luodi.cli import say
from luodi.config import backup
from luodi.config.ready import apply_migrations, cluster, is_embedded, ready
from luodi.lib.errors import UserError
from luodi.lib.postgres import bootstrap

Commands = Any


def add_to(commands: Commands) -> None:
    group = commands.add_parser("db", help="start, stop, look at, back up, restore the database")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("start", help="start the embedded server").set_defaults(run=start)
    verbs.add_parser("stop", help="stop the embedded server").set_defaults(run=stop)
    verbs.add_parser("status", help="which server, since when, how old").set_defaults(run=status)
    verbs.add_parser("migrate", help="bring the schema up to date").set_defaults(run=migrate)
    check = verbs.add_parser("check", help="what in the database is not as declared")
    check.set_defaults(run=compare)
    rekey = verbs.add_parser("rekey", help="after a new secret: encrypt everything under it")
    rekey.set_defaults(run=rekey_all)
    init = verbs.add_parser("init", help="make roles and database on a server of one's own")
    init.add_argument("--admin-url", required=True, help="a superuser's address")
    init.set_defaults(run=initialise)
    save = verbs.add_parser("backup", help="everything into one file: records, evidence, key")
    save.add_argument("file", type=Path)
    save.set_defaults(run=lambda options: save_all(options))
    restore = verbs.add_parser("restore", help="put a backup in the place of what is there")
    restore.add_argument("file", type=Path)
    restore.add_argument("--yes", action="store_true", help="replace records that are there")
    restore.add_argument("--admin-url", help="a superuser's address, for a server of one's own")
    restore.set_defaults(run=restore_all)


def start(options: argparse.Namespace) -> int:
    ready()
    return status(options)


def stop(options: argparse.Namespace) -> int:
    _only_embedded()
    cluster().stop()
    say("已停止。 Stopped.")
    return 0


def status(options: argparse.Namespace) -> int:
    """0 when it runs, 1 when not."""
    _only_embedded()
    found = cluster().status()
    state = "运行中 running" if found.running else "未运行 stopped"
    say(f"{state}：PostgreSQL {found.version}")
    say(f"  数据 data    {found.data_dir}")
    say(f"  程序 server  {found.binaries}")
    if found.running:
        say(f"  进程 pid     {found.pid}，{found.started_at:%Y-%m-%d %H:%M:%S %Z}")
    if warning := found.warning():
        say(f"  注意 note    {warning}")
    return 0 if found.running else 1


def migrate(options: argparse.Namespace) -> int:
    ready()
    say("数据库结构是最新的。 The schema is up to date.")
    return 0


def compare(options: argparse.Namespace) -> int:
    """0 when the database is what the program declares; else 1, with a line for each difference."""
    ready(migrate=False)
    from luodi.ground.tables.api import differences, pending

    found = [*(["migrations: not all applied"] if pending() else []), *differences()]
    for line in found or ["数据库与程序所声明的一致。 The database is as declared."]:
        say(line)
    return 1 if found else 0


def rekey_all(options: argparse.Namespace) -> int:
    """Tells the database the present secret, then leaves nothing under a former one."""
    from cryptography.fernet import InvalidToken

    ready(migrate=False)
    apply_migrations()
    from luodi.config.rekey import rekey

    try:
        done = rekey()
    except InvalidToken:
        raise UserError(
            "有的记录用现有的密钥都打不开，请把旧密钥写进 LUODI_SECRET_KEY_FALLBACKS 再执行一次；已完成的不会重做。"
            " Some values open under no given secret: name the former one in"
            " LUODI_SECRET_KEY_FALLBACKS and run this again."
        ) from None
    say("，".join(f"{what}: {count}" for what, count in done.items()))
    say("全部已用新密钥加密，旧密钥可以去掉了。 All is under the new secret; drop the former ones.")
    return 0


def initialise(options: argparse.Namespace) -> int:
    """Makes the three roles and the database; the passwords come from the two addresses."""
    from psycopg.conninfo import conninfo_to_dict

    addresses = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "LUODI_MIGRATE_URL")}
    if not all(addresses.values()):
        raise UserError(
            "请先设置 DATABASE_URL（角色 luodi_app）和 LUODI_MIGRATE_URL（角色 luodi_migrate）。"
            " Set DATABASE_URL and LUODI_MIGRATE_URL first."
        )
    app, migrator = (conninfo_to_dict(address) for address in addresses.values())
    bootstrap(
        options.admin_url,
        dbname=str(app["dbname"]),
        passwords={"luodi_app": str(app["password"]), "luodi_migrate": str(migrator["password"])},
    )
    return migrate(options)


def save_all(options: argparse.Namespace) -> int:
    if is_embedded():
        cluster().start()
    size = backup.save(options.file)
    say(f"已备份到 {options.file}（{size / 1024 / 1024:.1f} MB）。其中有密钥，请妥善保管。")
    return 0


def restore_all(options: argparse.Namespace) -> int:
    if backup.has_records() and not options.yes:
        raise UserError(
            "这里已有记录。要用备份替换它们，请加 --yes。 There are records; add --yes to replace."
        )
    if not is_embedded() and not options.admin_url:
        raise UserError("恢复到自有数据库需要 --admin-url（超级用户地址）。 --admin-url is needed.")
    backup.restore(options.file, options.admin_url)
    say("已恢复。 Restored.")
    return 0


def _only_embedded() -> None:
    if not is_embedded():
        raise UserError(
            "DATABASE_URL 指向自有的数据库，请用它自己的工具管理。 DATABASE_URL names a server of"
            " your own: use its own tools."
        )
