"""The reference of commands, made from the verbs themselves: `python -m reports.book.verbs`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from reports.book.blocks import Block, Code, Facts, Heading, Paragraph
from reports.book.plain import markdown
from reports.book.wording import say
from reports.labels import Language
from sim.__main__ import Verb, registered

FILE = Path(__file__).resolve().parents[1] / "COMMANDS.md"


@dataclass(frozen=True)
class Reference:
    """One verb: its summary, its arguments with their meanings, and the words that end its help."""

    name: str
    summary: str
    arguments: Mapping[str, str]
    epilog: str


def verbs() -> tuple[Reference, ...]:
    """All registered verbs, in alphabetical order."""
    return tuple(reference(name, point.load()) for name, point in registered().items())


def reference(name: str, verb: Verb) -> Reference:
    """What the help of a verb says."""
    parser = argparse.ArgumentParser(prog=f"trondelag {name}", add_help=False)
    verb.configure(parser)
    # argparse has no public list of its arguments.
    actions = cast("list[Any]", parser._actions)
    said = {_form(action): (action.help or "").replace("%%", "%") for action in actions}
    return Reference(name, verb.SUMMARY, said, (parser.epilog or "").strip("\n"))


def _form(action: Any) -> str:
    """An argument as it is typed."""
    shown = action.metavar or "|".join(map(str, action.choices or ())) or action.dest.upper()
    if not action.option_strings:
        return f"[{shown}]" if action.nargs in ("?", "*") else str(shown)
    value = "" if action.nargs == 0 else f" {shown}"
    return ", ".join(action.option_strings) + value


def blocks(language: Language, level: int = 2) -> list[Block]:
    """The reference as part of a page.

    Args:
        language: of the words around it; help itself is in English.
        level: of its heading.
    """
    found: list[Block] = [
        Heading(level, say("commands", language), "commands"),
        Paragraph((say("commands_intro", language),)),
    ]
    for each in verbs():
        summary = each.summary[:1].upper() + each.summary[1:]
        found += [
            Heading(level + 1, f"trondelag {each.name}", f"verb-{each.name}"),
            Paragraph((summary,)),
        ]
        if each.arguments:
            found.append(Facts(tuple((form, (said,)) for form, said in each.arguments.items())))
        if each.epilog:
            found.append(Code(each.epilog))
    return found


def text() -> str:
    """The text that belongs in `FILE`."""
    return markdown(blocks("en", level=1), say("contents", "en"))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
