"""The manifest of a run: JSON that people read, with a seal that shows whether it is as written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.store import files

MANIFEST = "manifest.json"
_SEAL = "seal"  # SHA-256 of the text without this line


def sealed(values: Mapping[str, Any]) -> bytes:
    """The text of a manifest."""
    plain = json.loads(text(values))  # keys as text, in the order in which they are read again
    return text({**plain, _SEAL: files.digest(text(plain))})


def read(folder: Path) -> dict[str, Any] | None:
    """What a folder's manifest says; None where there is none that is as it was written."""
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        seal = values.pop(_SEAL)
        return values if seal == files.digest(text(values)) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def text(values: Mapping[str, Any]) -> bytes:
    """Values as JSON, the same bytes whoever wrote them."""
    return (json.dumps(values, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
