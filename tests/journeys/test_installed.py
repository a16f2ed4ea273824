"""The package built and unpacked elsewhere: no checkout beside it, as after `pip install .`."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sim.project import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the built package holds."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 -- our own
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(made / "site")
    return made / "site"


def _trondelag(site: Path, here: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command in the folder `here`, with the unpacked package and no other."""
    code = "import sys; from sim.__main__ import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(  # noqa: S603 -- our own
        [sys.executable, "-P", "-c", code, *arguments],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_scenarios_run_and_results_lie_in_the_current_folder(site: Path, tmp_path: Path) -> None:
    done = _trondelag(site, tmp_path, "run", "ocean_push")
    assert done.returncode == 0, done.stderr
    (run,) = (tmp_path / "runs").iterdir()
    assert (run / "outputs.nc").is_file()
    assert not (site / "runs").exists()


def test_a_new_scenario_lies_in_the_current_folder_and_is_sound(site: Path, tmp_path: Path) -> None:
    assert _trondelag(site, tmp_path, "new", "mine").returncode == 0
    done = _trondelag(site, tmp_path, "validate", "mine.yaml")
    assert done.returncode == 0, done.stderr
