"""The command `trondelag`: finds the verbs that the folders registered and runs one."""

from __future__ import annotations

import argparse
import ast
import errno
import gc
import io
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast, runtime_checkable

from sim.errors import InputError, Problem, StoppedError, did_you_mean, wrong

GROUP = "trondelag.commands"
DONE, BAD_INPUT, INTERRUPTED = 0, 2, 130
SWEPT_AFTER = 100_000  # objects more, in place of 700: the page in 3.9 s in place of 5.0
CHOICE = re.compile(r"invalid choice: '(.*?)' \(choose from (.*)\)")
# What the machine, not the program, is the cause of.
MACHINE = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EIO,
    errno.EMFILE,
    errno.ENOSPC,
    errno.EPERM,
    errno.EROFS,
}


@runtime_checkable  # so that the tests check the types of arguments
class Verb(Protocol):
    """What a module must offer to be a verb."""

    SUMMARY: str
    configure: Callable[[argparse.ArgumentParser], None]
    execute: Callable[[argparse.Namespace], int]


@runtime_checkable  # so that the tests check the types of arguments
class Registered(Protocol):
    """An entry point; a backport of importlib.metadata, where installed, gives its own class."""

    name: str
    value: str

    def load(self) -> Any:
        """Import what was registered."""
        ...


class Parser(argparse.ArgumentParser):
    """A wrong word on the command line is wrong input like any other."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words.

        Raises:
            InputError: always.
        """
        hint = f"{self.prog} --help shows how"
        choice = CHOICE.search(message)
        if choice:
            near = did_you_mean(choice[1], re.findall(r"'([^']*)'", choice[2]))
            hint = near or hint
        raise wrong("bad-argument", message, hint=hint)


def registered() -> dict[str, Registered]:
    """The verbs of all installed folders, by name, in alphabetical order."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code (see `commands` in the README)."""
    if argv is None:  # the command itself: what it makes mostly stays until it ends
        gc.set_threshold(SWEPT_AFTER)
    words = list(sys.argv[1:] if argv is None else argv)
    lang = "nb" if {"--lang=nb", ("--lang", "nb")} & {*words, *pairwise(words)} else "en"
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: nobody listens
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack a letter
    verbs = registered()
    parser = Parser(
        prog="trondelag",
        description="Simulate how policy shifts value creation in Trøndelag.",
        epilog="Example: trondelag compare baseline ocean_push --by 2030,2040",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('trondelag')}")
    subparsers = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    # A verb's module is imported only when asked for by name: `--help` and errors stay quick.
    wanted = next((word for word in words if not word.startswith("-")), None)
    if wanted is not None and wanted not in verbs:
        sentence = f"'{wanted}' is no verb of trondelag"
        hint = did_you_mean(wanted, list(verbs))
        if words[0] != wanted:
            hint = hint or "options come after the verb: trondelag list --lang nb"
        problem = Problem("unknown-verb", sentence, hint=hint)
        _tell(InputError([problem]), as_json="--json" in words, lang=lang)
        return BAD_INPUT
    loaded: dict[str, Verb] = {}
    for name, point in verbs.items():
        if name != wanted:
            # In the list of verbs, which `--help` alone prints, a verb is one line.
            subparsers.add_parser(name, help=None if wanted else _summary(point))
            continue
        verb = loaded[name] = cast("Verb", point.load())
        sub = subparsers.add_parser(
            name,
            help=verb.SUMMARY,
            description=verb.SUMMARY,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.add_argument("--json", action="store_true", help="print for machines, as JSON")
        sub.add_argument("--lang", choices=("en", "nb"), default="en", help="language for people")
        verb.configure(sub)
        strange = _unknown_options(words, sub.format_usage())
        if strange:
            _tell(InputError(strange), as_json="--json" in words, lang=lang)
            return BAD_INPUT
    if not words:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    try:
        arguments = parser.parse_args(words)
    except InputError as error:
        _tell(error, as_json="--json" in words, lang=lang)
        return BAD_INPUT
    try:
        code = loaded[arguments.verb].execute(arguments)
        sys.stdout.flush()
    except InputError as error:
        _tell(error, as_json=arguments.json, lang=lang)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(_interrupted(lang), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`, `less`) went away: not ours to complain about.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        return DONE
    except OSError as error:
        if error.errno not in MACHINE:
            raise
        sentence = f"the system refuses: {error.strerror}"
        place = str(error.filename or "")
        stopped = StoppedError([Problem("refused", sentence, place)])
        _tell(stopped, as_json=arguments.json, lang=lang)
        return BAD_INPUT
    else:
        return code


def _interrupted(lang: str) -> str:
    if lang == "nb":
        from sim.bokmal import INTERRUPTED as SAID

        return SAID
    return "interrupted; start the same command again to go on"


def _unknown_options(words: Sequence[str], usage: str) -> list[Problem]:
    """A problem for each option that the verb does not have; argparse stumbles over its value."""
    known = ["--help", *re.findall(r"--[a-z][a-z-]*", usage)]
    asked = [word.partition("=")[0] for word in words if word.startswith("--")]
    asked = asked[: asked.index("--")] if "--" in asked else asked
    return [
        Problem("unknown-option", f"there is no option '{each}'", hint=did_you_mean(each, known))
        for each in asked
        if not any(option.startswith(each) for option in known)
    ]


def _summary(point: Registered) -> str:
    """A verb's `SUMMARY`, read from its text: to import all verbs takes seconds."""
    spec = find_spec(point.value)
    if spec is not None and spec.origin:
        text = Path(spec.origin).read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            match node:
                case ast.Assign([ast.Name("SUMMARY")], ast.Constant(str(summary))):
                    return summary
                case _:
                    continue
    return cast("Verb", point.load()).SUMMARY


def _tell(error: InputError, *, as_json: bool, lang: str) -> None:
    """Print every problem: JSON on standard output, sentences on standard error."""
    problems = error.problems
    if as_json:
        fields = ("code", "sentence", "file", "line", "hint")
        plain = [{f: getattr(p, f) for f in fields} for p in problems]
        print(json.dumps({"problems": plain}, ensure_ascii=False, indent=1))
        return
    count = len(problems)
    head = f"{count} problem{'s' if count > 1 else ''} in the input; nothing written:"
    stopped = "stopped; what was done is kept:"
    if lang == "nb":
        from sim import bokmal  # only where something is wrong

        head, stopped = bokmal.PROBLEMS.format(n=count), bokmal.STOPPED
        problems = tuple(map(bokmal.said, problems))
    print(stopped if isinstance(error, StoppedError) else head, file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
