"""Where things lie: the folders of this repository, and those that runs and caches go to.

Installed without a checkout (`pip install .`), model and scenarios lie beside the packages, and
what a user makes goes to the current folder.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "model"
SCENARIOS = ROOT / "scenarios"
ACCEPTED_FIT = ROOT / "calibration" / "fits" / "history"
CHECKOUT = (ROOT / "pyproject.toml").is_file()
_GIVEN = os.environ.get("TRONDELAG_RUNS")  # where the checkout cannot be written, or is shared
RUNS = Path(_GIVEN).absolute() if _GIVEN else (ROOT if CHECKOUT else Path.cwd()) / "runs"
OWN_SCENARIOS = SCENARIOS if CHECKOUT else Path.cwd()  # where `new` writes


def cache() -> Path:
    """The folder for what can be made again (`TRONDELAG_CACHE`, or the user's cache folder)."""
    given = os.environ.get("TRONDELAG_CACHE")
    if given:
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "trondelag"


def shown(path: Path) -> str:
    """A path as a person should see it: relative to the current folder where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
