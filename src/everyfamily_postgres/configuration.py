"""The server's settings and who may connect, written again at each start.

Both files are next to the data folder, not in it. Otherwise, as root, we would write into a folder that another account
can put links into.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from everyfamily_postgres.folders import Folders

ACCESS_RULES = """\
# Everybody needs a password, the superuser too; there is no way in but the socket.
local all all scram-sha-256
"""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    # Solid-state disks: reading single pages costs about as much as reading in sequence.
    "random_page_cost": "1.1",
    # A roll of thousands is imported at once and queried at once. Without new statistics the planner goes through a
    # school's adults ten times more slowly (300 ms against 30).
    "autovacuum_naptime": "3s",
    "autovacuum_analyze_threshold": "500",
    # When the server says that it has saved something, it has: "written down before it is sent" depends on this.
    "synchronous_commit": "on",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # The log must not contain any family's data. A failed statement, its values (DETAIL) and even the message ('invalid
    # input syntax for type uuid: "..."') may quote some. The program that sent the statement gets the error anyway. So
    # errors of statements are left out (`log` ranks above `error` here), and the rest is terse.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    # One file for each day of the week, each overwritten a week later, so that the log cannot fill the disk.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] ",
}

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (only measured, never written to)
SHARED_MEMORY_NEEDED = 256 * 1024 * 1024


def write_configuration(folders: Folders, own: Mapping[str, str]) -> None:
    """Write the settings, with `own` overruling ours, and the access rules, readable by the server's account."""
    settings = {
        **SETTINGS,
        "hba_file": str(folders.access_rules),
        "unix_socket_directories": str(folders.run),
        "log_directory": str(folders.log),
        "cluster_name": folders.cluster_name,
        "dynamic_shared_memory_type": _shared_memory_kind(),
        **own,
    }
    lines = [f"{name} = '{_quoted(value)}'\n" for name, value in settings.items()]
    _write(folders.configuration, "".join(lines))
    _write(folders.access_rules, ACCESS_RULES)


def _shared_memory_kind() -> str:
    # Containers often have only 64 MB of shared memory, and a parallel query that finds it full fails.
    if SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).total >= SHARED_MEMORY_NEEDED:
        return "posix"
    return "mmap"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''").replace("\n", " ")


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.chmod(0o644)
    unfinished.replace(path)
