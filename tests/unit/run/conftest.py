"""A small model to run, and a cache of its own."""

from pathlib import Path

import pytest

from sim.run import Model, load_model

TEXT = """Region: Trondheim region, Fosen ø ~~|
Tool: research, ocean space ~~|
birth rate[Region] = 0.1, 0.2 ~ 1/year [0,1] ~ Births a year and person. |
effort[Tool,Region] = 1, 2; 3, 4; ~ NOK ~|
people[Region] = INTEG(people[Region] * birth rate[Region], 100) ~ person ~ All who live here. |
all people = SUM(people[Region!]) ~ person ~|
spent = SUM(effort[Tool!,Region!]) ~ NOK ~|
curve((0,0),(1,1)) ~~|
shock = STEP(1, 2) ~ dmnl ~|
INITIAL TIME = 2008 ~ year ~|
FINAL TIME = 2012 ~ year ~|
TIME STEP = 0.5 ~ year ~|
SAVEPER = 1 ~ year ~|
"""


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRONDELAG_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("model") / "people.mdl"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def model(path: Path) -> Model:
    return load_model(path)
