"""Where kept data lives, also when its server may not enter our folder."""

import hashlib
import os
import stat
from pathlib import Path

from dev.processes import Account, CannotStart
from dev.wheels import others_can_reach

ELSEWHERE = Path("/var/tmp")  # noqa: S108 - survives a restart; the folder inside is checked before it is trusted


def postgres_home(wanted: Path, account: Account | None) -> Path:
    """The folder for PostgreSQL's data: `wanted`, or one below /var/tmp with a link at `wanted`.

    Root's PostgreSQL runs as `nobody`, who cannot pass a private folder above `wanted` (root's home, a mktemp -d); and
    the permissions of folders that are not ours stay as they are. The name elsewhere follows from `wanted`, so two
    checkouts never share one.
    """
    if account is None or others_can_reach(wanted):
        home = wanted
        if wanted.is_symlink():
            wanted.unlink()
        wanted.mkdir(mode=0o711, exist_ok=True)
    else:
        digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
        home = trusted_folder(ELSEWHERE / f"lectern-{digest}")
        link(wanted, home)
    check_owner(home, account)
    return home


def trusted_folder(folder: Path) -> Path:
    """Make the folder; refuse one that somebody else put there, for anybody may write to /var/tmp."""
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotStart(f"{folder} belongs to somebody else: remove it, then start again.")
    return folder


def link(path: Path, target: Path) -> None:
    """Make `path` a link to `target`, replacing an older link."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        raise CannotStart(
            f"PostgreSQL's user cannot enter {path} any more, as a folder above became private:"
            " open that folder again, or remove the data there and the demo begins anew."
        )
    path.symlink_to(target)


def check_owner(home: Path, account: Account | None) -> None:
    """Refuse data that another user's PostgreSQL made."""
    data, expected = home / "data", account.uid if account else os.geteuid()
    owner = data.stat().st_uid if data.exists() else expected
    if owner != expected:
        raise CannotStart(
            f"{data} belongs to user {owner}, and PostgreSQL would run as user {expected}:"
            " start as the user who started before, or remove that folder."
        )
