"""Types checked while tests run: shapes by jaxtyping, and all else by beartype alone.

jaxtyping binds the arguments of every call by their signature, to know which sizes go by which
name. Four fifths of the suite's time went there, nearly all of it for functions without an array.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any, get_args

import jaxtyping

_with_shapes = jaxtyping.jaxtyped


def install() -> None:
    """Take the place of the decorator that jaxtyping's import hook puts on every function."""
    jaxtyping.jaxtyped = _checked  # type: ignore[assignment]


def _checked(made: Any = None, *, typechecker: Callable[[Any], Any]) -> Any:
    if made is None:
        return lambda later: _checked(later, typechecker=typechecker)
    if inspect.isclass(made):
        if is_dataclass(made) and "__init__" in vars(made):
            made.__init__ = _checked(made.__init__, typechecker=typechecker)
        return made
    if not inspect.isfunction(made) or _names_a_shape(made):
        return _with_shapes(made, typechecker=typechecker)
    return typechecker(made)


def _names_a_shape(function: Callable[..., Any]) -> bool:
    """Whether an annotation of the function holds an array's shape, or cannot be read yet."""
    its_class = function.__qualname__.partition(".")[0]  # still being made, and no array
    names = {its_class: object} | function.__globals__
    for written in function.__annotations__.values():
        try:
            hint = eval(written, names) if isinstance(written, str) else written  # noqa: S307 -- our own annotations
        except (NameError, AttributeError, TypeError):
            return True
        if _holds_a_shape(hint):
            return True
    return False


def _holds_a_shape(hint: Any) -> bool:
    if inspect.isclass(hint) and issubclass(hint, jaxtyping.AbstractArray):
        return True
    inner = hint if isinstance(hint, list) else get_args(hint)
    return any(_holds_a_shape(one) for one in inner)
