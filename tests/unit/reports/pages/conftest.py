from pathlib import Path

import pytest

from reports.pages.futures import read
from reports.pages.results import Results
from reports.pages.sources import run
from sim import plan, project
from sim.scenario import load
from sim.store.sweep import SweepFolder

HOSTILE = """schema: scenario/1
id: hostile
name: {en: '<script>alert(1)</script> & "plan"', nb: '<script>alert(2)</script>'}
story: {en: '</details><img src=x onerror=alert(3)>', nb: '=1+1'}
extends: [districts_first]
"""
WORLDS = 64


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> SweepFolder:
    """A few worlds under four scenarios, one of which wants to be executed."""
    place = tmp_path_factory.mktemp("swept")
    (place / "hostile.yaml").write_text(HOSTILE, "utf-8")
    bundled = plan.load("planners")
    small = bundled.model_copy(
        update={
            "id": "small",
            "design": bundled.design.model_copy(update={"n": WORLDS}),
        }
    )
    scenarios = [
        load(own) for own in ("baseline", "ocean_push", "districts_first", place / "hostile.yaml")
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "RUNS", place / "runs")
        return run(small, scenarios, say=lambda _: None)


@pytest.fixture(scope="session")
def results(swept: SweepFolder) -> Results:
    return Results(read(swept))


@pytest.fixture(scope="session")
def place(swept: SweepFolder) -> Path:
    return swept.folder
