"""Small models to read, and a cache of their own."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sim.errors import InputError, Problem
from sim.source import Source, load

BOUNDS = """
INITIAL TIME = 0 ~ year ~ |
FINAL TIME = 4 ~ year ~ |
TIME STEP = 0.5 ~ year ~ |
SAVEPER = 1 ~ year ~ |
"""


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRONDELAG_CACHE", str(folder))
        yield folder


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, *, bounds: str = BOUNDS, name: str = "model.mdl") -> Path:
        path = tmp_path / name
        path.write_text(text + bounds, encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(written: Callable[..., Path]) -> Callable[..., Source]:
    return lambda text, **more: load(written(text, **more))


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A model of chapters: name → text; `order` lists them all unless it is given."""

    def write(chapters: Mapping[str, str], order: str | None = None) -> Path:
        (tmp_path / "chapters").mkdir(exist_ok=True)
        for name, text in chapters.items():
            (tmp_path / "chapters" / name).write_text(text, encoding="utf-8")
        (tmp_path / "control.mdl").write_text(BOUNDS, encoding="utf-8")
        listed = "".join(f"chapters/{name}\n" for name in chapters) if order is None else order
        (tmp_path / "order.txt").write_text(listed, encoding="utf-8")
        return tmp_path

    return write


def problems(ask: Callable[[], object]) -> tuple[Problem, ...]:
    """What is wrong, which must be something."""
    with pytest.raises(InputError) as caught:
        ask()
    return caught.value.problems


def said(ask: Callable[[], object]) -> list[tuple[str, str, int]]:
    """Code, name of the file and line of each problem."""
    return [(each.code, Path(each.file).name, each.line) for each in problems(ask)]
