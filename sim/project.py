"""Where things lie: the folders of this repository, and the folder that runs go to."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "model"
SCENARIOS = ROOT / "scenarios"
RUNS = ROOT / "runs"


def shown(path: Path) -> str:
    """A path as a person should see it: relative to the current folder where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
