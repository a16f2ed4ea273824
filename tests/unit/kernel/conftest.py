from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One cache for all tests of the kernel, and none of the user's."""
    folder = tmp_path_factory.getbasetemp() / "kernel-cache"
    monkeypatch.setenv("TRONDELAG_CACHE", str(folder))
    return folder


@pytest.fixture(params=["llvm", "numpy"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
