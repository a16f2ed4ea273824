"""A document against a class: every misfit as a `Problem`, and what is left when they are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.scenario.distribution import DAY, ELEMENT
from sim.scenario.document import Document, described, printable
from sim.scenario.schema import ID, PATTERN, TABLE, YEAR

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
}
DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+", re.ASCII)
SIZES = {
    "too_short": "needs at least {min_length} of them",
    "too_long": "holds more than {max_length}",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
}
NOT_A = {
    ID: ("bad-id", "an id has small letters a–z, digits and _, and starts with a letter"),
    YEAR: ("bad-year", "a year has four digits, such as 2030"),
    PATTERN: ("bad-pattern", "write ids or * with dots between: competence.ocean_space"),
    ELEMENT: ("bad-element", "write an id, or one with its labels: start_up_time[research]"),
    TABLE: ("bad-table", "a .csv or .parquet file beside the experiment or in folders below it"),
    DAY: ("bad-day", "write 2026, 2026-07 or 2026-07-01"),
}


class Fitted(NamedTuple):
    """What a document says, as far as it can be understood; and what is wrong with the rest.

    Args:
        said: an instance of the class asked for, without the keys that do not fit.
        problems: why they do not.
    """

    said: Any
    problems: list[Problem]


def fit(document: Document, model: type[Model], placeholders: Mapping[str, Any]) -> Fitted:
    """Read a document as a class.

    One pass shows everything: what does not fit is reported, taken away, and the rest read.

    Args:
        document: what was read.
        model: the class.
        placeholders: for keys that must be there, what stands in for them if they are wrong.
    """
    plain = document.root.plain()
    problems: list[Problem] = []
    while True:
        try:
            return Fitted(model.model_validate(plain), problems)
        except ValidationError as fault:
            errors = fault.errors(include_url=False)
        places = [_place(plain, error["loc"]) for error in errors]
        if not problems:  # later rounds only show what the taking away left behind
            schema = model.model_json_schema()
            # Of what may be one of two things, what is wrong with the one it is.
            sure = {place for place, error in zip(places, errors, strict=True)
                    if error["type"] not in EXPECTED}  # fmt: skip
            problems += [
                _told(document, place, error, schema)
                for place, error in zip(places, errors, strict=True)
                if error["type"] not in EXPECTED or place not in sure
            ]
        missing = {key: value for key, value in placeholders.items() if key not in plain}
        plain.update(missing)
        if not missing and not any(places):
            raise InputError([*document.problems, *problems])
        # From the end, so that a list's places stay right; a part may go before its whole.
        for place in sorted(set(filter(None, places)), key=_order, reverse=True):
            _take_away(plain, place)


def _place(plain: object, loc: Sequence[str | int]) -> Place:
    """Where an error is in the file: its location without the names of union members."""
    place: list[str | int] = []
    for step in loc:
        if _has(plain, step):
            plain = cast("Any", plain)[step]
            place.append(step)
    return tuple(place)


def _has(plain: object, step: str | int) -> bool:
    if isinstance(plain, dict):
        return step in plain
    return isinstance(plain, list) and isinstance(step, int) and step < len(plain)


def _order(place: Place) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in place]


def _take_away(plain: Any, place: Place) -> None:
    above, last = place[:-1], place[-1]
    for step in above:
        if not _has(plain, step):
            return
        plain = plain[step]
    if _has(plain, last):
        del plain[last]


def _told(document: Document, place: Place, error: ErrorDetails, schema: dict[str, Any]) -> Problem:
    """One error of pydantic's in our words."""
    root = document.root
    node = root.at(*place) or root
    kind, context = error["type"], error.get("ctx", {})
    found = described(node.value)
    where = printable(".".join(map(str, place)), 120) or "the file"
    code, sentence, hint = kind.replace("_", "-"), f"{where}: {error['msg']}", ""
    if kind == "missing":
        key = str(error["loc"][-1])
        code, sentence = "missing-key", f"{where} needs the key '{key}'"
    elif kind == "extra_forbidden":
        key = str(error["loc"][-1])
        code, sentence = "unknown-key", f"unknown key '{printable(key)}'"
        if len(place) > 1:
            sentence += f" in {printable('.'.join(map(str, place[:-1])), 120)}"
        valid = sorted(set(_keys(schema, schema, place[:-1])))
        below = [each for each in valid if key in _keys(schema, schema, (*place[:-1], each))]
        under = f"it belongs under {below[0]}" if len(below) == 1 else ""
        hint = under or _nearest_key(key, valid)
    elif kind in EXPECTED:
        code, sentence = "wrong-type", f"{where}: expected {EXPECTED[kind]}, found {found}"
        hint = _mend(kind, node.value)
    elif kind == "finite_number":
        code, sentence = "not-finite", f"{where}: expected a finite number, found {found}"
    elif kind == "literal_error":
        expected = str(context["expected"])
        code, sentence = "not-allowed", f"{where}: expected {expected}, found {found}"
        hint = did_you_mean(str(node.value), re.findall(r"'([^']*)'", expected))
    elif kind == "union_tag_invalid":
        expected, key = str(context["expected_tags"]), str(context["discriminator"]).strip("'")
        given = str(context["tag"])
        code, sentence = "not-allowed", f"{where}: '{printable(given)}' is no {key}"
        hint = did_you_mean(given, re.findall(r"'([^']*)'", expected)) or f"known: {expected}"
    elif kind == "union_tag_not_found":
        key = str(context["discriminator"]).strip("'")
        code, sentence = "missing-key", f"{where} needs the key '{key}'"
    elif kind == "string_pattern_mismatch":
        text = printable(str(error["input"]))
        code, hint = NOT_A.get(context["pattern"], ("bad-text", ""))
        sentence = f"{where}: '{text}' does not do"
        if context["pattern"] == ID and re.fullmatch(ID, identifier(text)):
            hint += f"; write '{identifier(text)}'"
    elif kind in SIZES:
        sentence = f"{where}: {SIZES[kind].format(**context)}"
    elif kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        code = "out-of-range"
        sentence = f"{where}: {error['msg'].replace('Input should', 'must')}, found {found}"
    return Problem(code, sentence, document.file, root.line_of(*place), hint)


def _mend(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return "put it in quotes"
    if kind == "tuple_type" and isinstance(value, str):
        return f"write [{printable(value)}]"
    if kind == "float_type" and isinstance(value, str) and DECIMAL_COMMA.fullmatch(value):
        return f"write {value.replace(',', '.')}: the decimal sign is a dot"
    if kind == "float_type" and isinstance(value, str) and any(c.isdigit() for c in value):
        return "a number stands without quotes, as 1000, 0.5 or 1e3"
    return ""


def _nearest_key(key: str, valid: Sequence[str]) -> str:
    if key == "no" and "nb" in valid:
        return "Norwegian is nb (bokmål) or nn (nynorsk)"
    return did_you_mean(key, valid) or (f"known here: {', '.join(valid)}" if valid else "")


def _keys(schema: dict[str, Any], whole: dict[str, Any], place: Place) -> Iterator[str]:
    """The keys that the JSON schema knows at a place, over all alternatives."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        yield from _keys(whole["$defs"][name], whole, place)
    for union in ("anyOf", "oneOf"):
        for alternative in schema.get(union, ()):
            yield from _keys(alternative, whole, place)
    properties: dict[str, Any] = schema.get("properties", {})
    if not place:
        yield from properties
        return
    step, rest = place[0], place[1:]
    if step in properties:
        yield from _keys(properties[str(step)], whole, rest)
        return
    below = [schema.get("items"), schema.get("additionalProperties")]
    for inner in (*below, *schema.get("patternProperties", {}).values()):
        if isinstance(inner, dict):
            yield from _keys(cast("dict[str, Any]", inner), whole, rest)
