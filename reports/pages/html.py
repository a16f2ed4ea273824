"""The page as one HTML file that asks for nothing: style, script and pictures are in it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from reports.colours import FAINT, INK, QUIET, UP, letters
from reports.pages.blocks import Page

FOLDER = Path(__file__).parent
# Where long Norwegian words may break in narrow columns; browsers know few languages' rules.
_JOINT = re.compile(
    r"(?<=\w{3})(?=(?:løftet|regionen|struktur|sering|handling|anskaffelser|skaping|tanse|logi|ning|"
    r"mål)\b)"
)
SOFT = "\u00ad"


def html(page: Page) -> str:
    """The whole file; the same page gives the same bytes."""
    style, script = _style(), _script()
    # Nothing may be fetched, and no other style or script runs, whatever stands in a name.
    policy = (
        f"default-src 'none'; style-src '{_sum(style)}'; script-src '{_sum(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return _template().render(page=page, style=style, script=script, policy=policy)


@cache
def _template() -> Template:
    engine = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    # Our own style, script and drawings; words in drawings were escaped when they were drawn.
    engine.filters["drawn"] = Markup
    engine.filters["soft"] = _soft
    return engine.get_template("page.html")


def _soft(words: str) -> str:
    """Words that may break at their joints; escaped afterwards, as all words are."""
    return _JOINT.sub(SOFT, words)


def _style() -> str:
    text = (FOLDER / "page.css").read_text("utf-8")
    tints = {"INK": INK, "QUIET": QUIET, "FAINT": FAINT, "LINK": letters(UP)}
    for name, tint in tints.items():
        text = text.replace(f": {name};", f": {tint};")
    return text


def _script() -> str:
    return (FOLDER / "page.js").read_text("utf-8")


def _sum(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
