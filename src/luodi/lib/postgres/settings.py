"""The server's settings for a small office: two cores, a few gigabytes of memory, one disk."""

import sys
from pathlib import Path
from typing import Final

# Appended to postgresql.conf when a cluster is made; an operator may change it there.
CONFIGURATION: Final = """
# --- Luodi ---
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
fsync = on
full_page_writes = on
synchronous_commit = on
autovacuum = on
password_encryption = scram-sha-256
max_parallel_workers_per_gather = 1
# systemd removes other shared memory of a user who signs out (RemoveIPC)
dynamic_shared_memory_type = mmap
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %q%u@%d '
# words are cut before they come here
default_text_search_config = 'pg_catalog.simple'
"""


def server_options(socket_dir: Path, port: str) -> list[str]:
    """Command-line settings, which no file can override: who may connect is not for tuning."""
    settings = {
        "listen_addresses": "",
        "port": port,
        "unix_socket_directories": _list_item(str(socket_dir)),
        "unix_socket_permissions": "0700",
        # No statement and no value of a row in the log: they hold names, telephones, passwords' hashes.
        "log_min_duration_statement": "-1",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
    }
    if sys.platform == "linux":
        # after a kill the server flushes its files: with one call instead of one for each of thousands
        settings["recovery_init_sync_method"] = "syncfs"
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _list_item(path: str) -> str:
    """The server splits this setting at commas, so the path goes in double quotes."""
    return '"' + path.replace('"', '""') + '"'
