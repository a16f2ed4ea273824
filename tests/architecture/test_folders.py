"""A newcomer finds the place for a line at first guess."""

from pathlib import Path

import pytest

from sim.project import ROOT

FOLDERS = ["model", "scenarios", "calibration", "sim", "reports", "tests"]
PACKAGES = sorted(
    each.parent.relative_to(ROOT).as_posix()
    for each in (ROOT / "sim").glob("*/__init__.py")
    if each.parent.name != "commands"  # reports/COMMANDS.md shows them
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_says_what_lives_in_it(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text("utf-8")
    assert text.startswith("# ")
    assert "## Decisions" in text


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_of_sim_stands_in_its_readme(package: str) -> None:
    name = Path(package).name
    assert f"`{name}/`" in (ROOT / "sim" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("folder", ["sim", "calibration", "reports", "tests"])
def test_a_module_is_short(folder: str) -> None:
    long = {
        file.relative_to(ROOT).as_posix(): lines
        for file in (ROOT / folder).rglob("*.py")
        if (lines := len(file.read_text("utf-8").splitlines())) > 400
    }
    assert not long


def test_model_and_scenarios_hold_no_python() -> None:
    assert not [*(ROOT / "model").rglob("*.py"), *(ROOT / "scenarios").rglob("*.py")]


def test_every_top_level_entry_of_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for folder in FOLDERS:
        assert f"| `{folder}/` |" in text
        assert (ROOT / folder).is_dir()


def test_packages_resolve_into_this_repository() -> None:
    for name in ("sim", "calibration", "reports"):
        assert Path(__import__(name).__file__ or "").resolve().is_relative_to(ROOT)
