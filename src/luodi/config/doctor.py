"""What a deployment lacks: each finding says what to do. Nothing is changed."""

from __future__ import annotations

import datetime as dt
import shutil
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

GOOD, WARN, BAD = "good", "warn", "bad"
DISK_LEFT = 0.1  # of the whole
BACKUP_AGE = dt.timedelta(hours=26)
CLOCK_OFF = dt.timedelta(seconds=5)
CERTIFICATE_LEFT = dt.timedelta(days=21)
JOB_WAITS = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is (`good`, `warn`, `bad`), and a sentence that says what to do."""

    what: str
    state: str
    says: str


def findings(backups: Path | None = None) -> Iterator[Finding]:
    """Everything that is looked at, in order; `backups` is the folder where backups are put."""
    looks: list[tuple[str, Callable[[], tuple[str, str]]]] = [
        ("数据库 database", _database),
        ("时钟 clock", _clock),
        ("磁盘 disk", _disk),
        ("访问地址 address", _address),
        ("证书 certificate", _certificate),
        ("两步验证 second factor", _second_factor),
        ("后台任务 worker", _worker),
        ("邮件 mail", _mail),
        ("备份 backup", lambda: _backup(backups)),
        ("中文字体 fonts", _fonts),
    ]
    for what, look in looks:
        try:
            state, says = look()
        except Exception as problem:  # one that cannot be looked at hides no other
            state, says = BAD, f"查不了 could not be looked at：{type(problem).__name__}: {problem}"
        yield Finding(what, state, says)


def _database() -> tuple[str, str]:
    from luodi.ground.tables.api import differences, pending

    if pending():
        return BAD, "结构不是最新，请执行 luodi db migrate。 Run luodi db migrate."
    if found := list(differences()):
        return BAD, f"有 {len(found)} 处与声明不一致，请看 luodi db check。 See luodi db check."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, current_user FROM pg_roles WHERE rolname = current_user"
        )
        beyond, role = cursor.fetchone()
    if beyond:
        return BAD, f"角色 {role} 不受行级安全约束，请改用 luodi_app。 Use the role luodi_app."
    return GOOD, "结构和防护与程序一致。 As declared."


def _clock() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        off = abs(cursor.fetchone()[0] - timezone.now())
    if off > CLOCK_OFF:
        seconds = f"{off.total_seconds():.0f}"
        return BAD, f"与数据库的时钟相差 {seconds} 秒，请对时（NTP）。 Clocks differ: use NTP."
    return GOOD, "与数据库一致。 Agrees with the database's."


def _disk() -> tuple[str, str]:
    usage = shutil.disk_usage(settings.DATA_DIR)
    left = usage.free / usage.total
    says = f"剩余 {usage.free / 2**30:.1f} GB（{left:.0%}）。 left."
    return (GOOD, says) if left >= DISK_LEFT else (BAD, says + " 请清理或扩容。 Make room.")


def _address() -> tuple[str, str]:
    parts = urlsplit(settings.SITE_URL)
    host = parts.hostname or ""
    if host not in settings.ALLOWED_HOSTS:
        return BAD, f"LUODI_HOSTS 里没有 {host}，浏览器会得到 400。 Add {host} to LUODI_HOSTS."
    if parts.scheme != "https" and host not in {"localhost", "127.0.0.1"}:
        return BAD, "LUODI_SITE_URL 不是 https：密码会明文经过网络。 Use TLS."
    if parts.scheme == "https" and not settings.PROXIES:
        return (
            WARN,
            "前面有代理时请设 LUODI_PROXIES，否则按代理的地址限流。 Set LUODI_PROXIES behind a proxy.",
        )
    return GOOD, settings.SITE_URL


def _certificate() -> tuple[str, str]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https" or not parts.hostname:
        return WARN, "没有 TLS。 No TLS."
    context = ssl.create_default_context()
    with (
        socket.create_connection((parts.hostname, parts.port or 443), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=parts.hostname) as safe,
    ):
        until = str((safe.getpeercert() or {})["notAfter"])
    ends = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(until), dt.UTC)
    state = GOOD if ends - timezone.now() > CERTIFICATE_LEFT else WARN
    return state, f"有效期至 {ends:%Y-%m-%d}。 Valid until then."


def _second_factor() -> tuple[str, str]:
    if settings.SECOND_FACTOR_DEMANDED:
        return GOOD, "管理员和查看全区的人必须使用。 Demanded."
    return (
        WARN,
        "没有强制（LUODI_SECOND_FACTOR=offered）。正式站点请设为 demanded。 Set it to demanded.",
    )


def _worker() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        beat = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
            " AND coalesce(scheduled_at, now()) < %s",
            [timezone.now() - JOB_WAITS],
        )
        waiting = cursor.fetchone()[0]
    if beat is None or timezone.now() - beat > JOB_WAITS:
        return BAD, "没有在运行，提醒和邮件不会发出。请启动 luodi worker。 Start luodi worker."
    if waiting:
        return WARN, f"{waiting} 件任务等了十分钟以上。 jobs have waited for more than ten minutes."
    return GOOD, "在运行。 Runs."


def _mail() -> tuple[str, str]:
    if not settings.EMAIL_HOST:
        return WARN, "没有设置 LUODI_EMAIL_HOST，邮件只写进日志。 Mail is only printed."
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
        if settings.EMAIL_USE_TLS:
            server.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        server.noop()
    return GOOD, f"{settings.EMAIL_HOST} 有应答。 Answers."


def _backup(folder: Path | None) -> tuple[str, str]:
    if folder is None:
        return WARN, "没有看：请加 --backups 文件夹。 Not looked at: add --backups FOLDER."
    newest = max((one.stat().st_mtime for one in folder.iterdir() if one.is_file()), default=None)
    if newest is None:
        return BAD, f"{folder} 里没有备份。 No backup there."
    age = timezone.now() - dt.datetime.fromtimestamp(newest, dt.UTC)
    hours = age.total_seconds() / 3600
    says = f"最近一份是 {hours:.0f} 小时前的。 The newest is that old."
    return (GOOD, says) if age <= BACKUP_AGE else (BAD, says + " 请每天备份。 Back up daily.")


def _fonts() -> tuple[str, str]:
    found = subprocess.run(
        ["fc-list", ":lang=zh", "family"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    ).stdout.strip()
    if found:
        return GOOD, f"{len(found.splitlines())} 种。 families."
    return BAD, "没有中文字体，PDF 里会是方框。请安装 fonts-noto-cjk。 Install fonts-noto-cjk."
