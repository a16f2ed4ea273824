"""`scenarios/schema/*.json`, made from the classes: `python -m sim.scenario.schema_files`.

Editors read them through the first line of each YAML file and complete and check as one types.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.project import SCENARIOS
from sim.scenario.catalogues import CATALOGUE_CLASSES
from sim.scenario.experiment import Experiment
from sim.scenario.schema import ScenarioFile

CLASSES: dict[str, type[BaseModel]] = {
    "scenario": ScenarioFile,
    "experiment": Experiment,
    **CATALOGUE_CLASSES,
}


def texts() -> dict[str, str]:
    """File name -> the text that belongs in it."""
    return {f"{name}.json": schema_text(model) for name, model in CLASSES.items()}


def write(folder: Path = SCENARIOS / "schema") -> None:
    """Write them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")


def schema_text(model: type[BaseModel]) -> str:
    """The JSON schema of a class, as a file holds it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= _plain(model.model_json_schema())
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _plain(schema: Any) -> Any:
    """Without what misleads an editor.

    Alternatives are told apart by their shape, not by being exclusive (`anyOf`); a mapping
    with patterns has no other keys; titles only repeat the keys.
    """
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain: dict[str, Any] = {}
    for key, part in schema.items():
        if key == "title" and isinstance(part, str):
            continue
        plain["anyOf" if key == "oneOf" else key] = _plain(part)
    if "patternProperties" in plain:
        plain.setdefault("additionalProperties", False)
    return plain


if __name__ == "__main__":
    write()
