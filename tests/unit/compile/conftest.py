from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pysd.translators.vensim.vensim_file import VensimFile

TIMES = "INITIAL TIME = 0~~|\nFINAL TIME = 4~~|\nTIME STEP = 0.5~~|\nSAVEPER = 0.5~~|\n"


@pytest.fixture
def parsed(tmp_path: Path) -> Callable[..., Any]:
    """From equations to PySD's abstract model; the four control variables are added."""

    def parse(equations: str, control: str = TIMES) -> Any:
        path = tmp_path / "model.mdl"
        path.write_text("{UTF-8}\n" + equations + "\n" + control)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = VensimFile(path)
            file.parse()
            return file.get_abstract_model()

    return parse
