"""A model's `Program`, compiled once and kept on disk."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sim.ir import Control, Element, Node, Op, Parameter, Program, Rule, Series, State, Table
from sim.memory import unswept
from sim.run.columns import names
from sim.shelf import kept
from sim.source import Source
from sim.source.catalogue import LOOKUP

FILE = "program.json"


def program(
    source: Source,
    structural: Mapping[str, float],
    followed: Sequence[str] = (),
    *,
    exact: bool = True,
) -> Program:
    """The whole model as a program, from memory or disk where it was compiled before.

    Args:
        source: the model.
        structural: values, by element, of constants that shape the program.
        followed: elements that follow a series. In the program each stands for a series of its
            own name; the kernel is given the numbers.
        exact: PySD's operations in PySD's order; else less work for the same to 1e-12.

    Raises:
        InputError: what the compiler does not support, with file and line.
    """
    with unswept():
        return _program(source, tuple(sorted(structural.items())), tuple(sorted(followed)), exact)


@lru_cache(maxsize=32)
def _program(
    source: Source,
    structural: tuple[tuple[str, float], ...],
    followed: tuple[str, ...],
    exact: bool,
) -> Program:
    parts = (_compiler(), source.hash, structural, followed, exact)
    key = hashlib.sha256(repr(parts).encode()).hexdigest()

    made: list[Program] = []

    def keep(one: Program, folder: Path) -> None:
        made.append(one)
        (folder / FILE).write_text(json.dumps(plain(one)))

    def make(folder: Path) -> None:
        from sim.compile import relax  # not needed where the program is kept

        whole = _compiled(source, structural, followed)
        if exact:
            keep(whole, folder)
            return
        made_less = relax(whole)
        _ = made_less.form  # kept with it: every start asks for it
        keep(made_less, folder)

    folder = kept("programs", key, make)
    return made[0] if made else read(json.loads((folder / FILE).read_text()))


@lru_cache(maxsize=2)  # asked for twice where both forms are wanted
def _compiled(
    source: Source, structural: tuple[tuple[str, float], ...], followed: tuple[str, ...]
) -> Program:
    from sim.compile import compile_model

    # A series must have knots; each has its own name, so that none are taken for equal.
    paths = {name: Series(name, (0.0,), (0.0,)) for name in followed}
    compiled = compile_model(
        source.abstract,
        structural=dict(structural),
        paths=paths,
        locate=lambda name: _place(source, name),
    )
    return _filled(source, compiled)


def _filled(source: Source, made: Program) -> Program:
    """With the elements of arrays that no equation defines; they are NaN, as PySD has them."""
    known = {one.name for one in made.elements}
    lacking = [
        Element(name, variable.name, len(made.nodes))
        for variable in source.variables.values()
        if variable.dims and variable.kind != LOOKUP
        for name in names(variable, source.subscripts)
        if name not in known
    ]
    if not lacking:
        return made
    nothing = Node(Op.CONST, (), math.nan)
    return replace(made, nodes=(*made.nodes, nothing), elements=(*made.elements, *lacking))


def _place(source: Source, name: str) -> tuple[str, int]:
    for variable in source.variables.values():
        if variable.name.lower() == name.lower():
            return variable.chapter, variable.line
    place = source.place(name)  # in a macro
    return place.file, place.line


@cache
def _compiler() -> str:
    """A hash of the text of what reads and compiles: another one may make another program."""
    folder = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    parts = [
        path for part in ("source", "compile") for path in sorted((folder / part).glob("*.py"))
    ]
    for path in [*parts, folder / "ir.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def plain(made: Program) -> dict[str, Any]:
    """A program as JSON takes it."""
    return {
        "nodes": [[int(node.op), node.args, node.payload] for node in made.nodes],
        "parameters": [[one.name, one.default] for one in made.parameters],
        "series": [[one.name, one.times, one.values, one.reading] for one in made.series],
        "tables": [[one.name, one.x, one.y, one.reading] for one in made.tables],
        "states": [[one.name, one.rule, one.initial, one.next, one.length] for one in made.states],
        "elements": [[one.name, one.variable, one.node] for one in made.elements],
        "control": [
            made.control.initial_time,
            made.control.final_time,
            made.control.time_step,
            made.control.saveper,
            made.control.moments,
            made.control.kept,
        ],
        "built_in": [[one.name, one.default] for one in made.built_in],
        # where they have been asked for
        "hash": vars(made).get("hash"),
        "form": vars(made).get("form"),
    }


def read(plain: Mapping[str, Any]) -> Program:
    """The program that `plain` wrote, to the last bit."""
    ops = {int(op): op for op in Op}  # quicker than asking the enumeration
    made = Program(
        nodes=tuple(Node(ops[op], tuple(args), payload) for op, args, payload in plain["nodes"]),
        parameters=tuple(Parameter(*one) for one in plain["parameters"]),
        series=tuple(Series(n, tuple(t), tuple(v), how) for n, t, v, how in plain["series"]),
        tables=tuple(Table(n, tuple(x), tuple(y), how) for n, x, y, how in plain["tables"]),
        states=tuple(State(n, Rule(r), i, f, length) for n, r, i, f, length in plain["states"]),
        elements=tuple(Element(*one) for one in plain["elements"]),
        control=Control(*plain["control"][:4], *map(tuple, plain["control"][4:])),
        built_in=tuple(Parameter(*one) for one in plain["built_in"]),
    )
    for name in ("hash", "form"):
        if plain.get(name):
            vars(made)[name] = plain[name]
    return made
