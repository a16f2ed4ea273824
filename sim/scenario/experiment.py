"""The experiment file: scenarios × uncertain inputs, a design, and what to keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, LiteralString

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    Strict,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.errors import Problem
from sim.scenario.distribution import Distribution, Element
from sim.scenario.document import Document, printable
from sim.scenario.schema import TABLE, Frozen, Identifier, Line, Name, Number, Text

ACCEPTED = "calibration/fits/history/draws.parquet"  # by `trondelag calibrate --accept`
MOST = 4_194_304  # rows of one design; more is no experiment but a slip of the finger
Count = Annotated[int, Strict(), Field(ge=2, le=MOST)]
Seed = Annotated[int, Strict(), Field(ge=0, le=2**31 - 1)]
OWN = {"second_order": {"sobol"}, "levels": {"morris", "full"}, "optimal": {"morris"}}


def _each_once(code: LiteralString) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    def once(names: tuple[str, ...]) -> tuple[str, ...]:
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            said = "names '{name}' twice"
            raise PydanticCustomError(code, said, {"name": printable(twice)})
        return names

    return once


class DesignFile(Frozen):
    """How the inputs are sampled; the kind also says how the results may be analysed.

    Args:
        kind: see sim/plan/README.md.
        n: base samples (sobol, fast, dgsm), trajectories (morris) or members (the others);
            none for `full` and `ff`, whose size follows from the inputs; of `posterior` how
            many rows of the draws are taken, none for all.
        seed: the same seed, the same members.
        second_order: of sobol: also pairs; costs twice the members.
        levels: of morris (even) and full.
        optimal: of morris: the number of trajectories kept of `n`, as far apart as can be.
    """

    kind: Literal[
        "sobol", "morris", "fast", "rbd_fast", "delta", "pawn", "dgsm", "ff", "hdmr",
        "lhs", "halton", "full", "posterior",
    ]  # fmt: skip
    n: Count | None = None
    seed: Seed = 0
    second_order: bool | None = None
    levels: Annotated[int, Strict(), Field(ge=2, le=100)] | None = None
    optimal: Annotated[int, Strict(), Field(ge=2, le=1000)] | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> DesignFile:
        kind = {"kind": self.kind}
        if self.kind != "posterior" and (self.n is None) != (self.kind in {"ff", "full"}):
            said = "{kind} has no n: its size follows from the inputs"
            said = said if self.n is not None else "{kind} needs n"
            raise PydanticCustomError("design-n", said, kind)
        for name, kinds in OWN.items():
            if getattr(self, name) is not None and self.kind not in kinds:
                said = "{name} is no setting of {kind}"
                raise PydanticCustomError("design-setting", said, {**kind, "name": name})
        if self.kind == "sobol" and self.n is not None and self.n & (self.n - 1):
            near = 1 << (self.n.bit_length() - 1)
            raise PydanticCustomError(
                "not-a-power-of-two",
                "n of sobol is a power of two: {near} or {next}, not {n}",
                {"near": near, "next": 2 * near, "n": self.n},
            )
        if self.kind == "morris" and (self.levels or 4) % 2:
            raise PydanticCustomError("odd-levels", "levels of morris are an even number")
        if self.optimal is not None and self.n is not None and self.optimal >= self.n:
            raise PydanticCustomError("too-many-optimal", "optimal must be less than n")
        return self


class Correlated(Frozen):
    """Inputs that move together: a Gaussian copula with these rank-like correlations.

    `correlation` is one number for all pairs, or a symmetric matrix in the order of `inputs`.
    """

    inputs: Annotated[tuple[Element, ...], Field(min_length=2, max_length=50)]
    correlation: Annotated[Number, Field(ge=-0.999, le=0.999)] | tuple[tuple[Number, ...], ...]


class Shares(Frozen):
    """Elements that keep their sum, spread as a Dirichlet distribution around their values.

    The greater `concentration`, the nearer they stay: a share s has the standard deviation
    sqrt(s (1 - s) / (concentration + 1)) of the sum.
    """

    of: Annotated[tuple[Element, ...], Field(min_length=1, max_length=100)]
    concentration: Annotated[Number, Field(gt=0, le=1e6)]
    name: Name | None = None


class Curve(Frozen):
    """An uncertain curve: a multiplier along the last range of an array constant.

    At the place s from -1 (first element) to 1 (last) it is
    exp(level + tilt s + bend (3 s² - 1) / 2).
    """

    of: Identifier
    level: Distribution | None = None
    tilt: Distribution | None = None
    bend: Distribution | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _something(self) -> Curve:
        if self.level is None and self.tilt is None and self.bend is None:
            raise PydanticCustomError("no-parameter", "needs level, tilt or bend")
        return self


class Draws(Frozen):
    """Rows of a table, each drawn whole: a posterior, say.

    `file` is a CSV or Parquet file beside the experiment or below the project's root
    (`calibration/fits/history/draws.parquet`, the accepted fit, which a posterior design takes
    where none is named), its columns elements of constants; `columns` takes some of them.
    """

    file: Annotated[str, Strict(), StringConstraints(pattern=TABLE, max_length=200)]
    columns: tuple[Element, ...] | None = None
    name: Name | None = None


class Failed(Frozen):
    """What to do with members that leave the finite numbers.

    refuse: no indices. quarantine: they are left out with all that hang on them (a Morris
    trajectory, a block of Sobol). given_data: the rest is analysed by estimators that need no
    design. Each only up to the share `at_most` of the members (or blocks) left out.
    """

    policy: Literal["refuse", "quarantine", "given_data"] = "refuse"
    at_most: Annotated[Number, Field(ge=0, le=0.5)] = 0.01


class Stop(Frozen):
    """When there are members enough: 95 % intervals at most so wide, to either side.

    The sweep looks after 64 base samples (256 members of a design without), after twice as
    many, and so on, and ends where the intervals of all outcomes over time, under every
    scenario, are narrow enough; at the design's n in any case. `of` says which indices: of a
    sobol design "total" where nothing is said, of others "first".
    """

    ci_halfwidth: Annotated[Number, Field(gt=0, le=1)]
    of: Literal["first", "total"] | None = None


class Storage(Frozen):
    """What a sweep keeps: all trajectories (which `analyze` needs), a summary, or both."""

    keep: Literal["trajectories", "summary", "both"] = "trajectories"
    members_per_part: Annotated[int, Strict(), Field(ge=1, le=MOST)] | None = None


class Experiment(Frozen):
    """An experiment as its file has it.

    Args:
        scenarios: ids of bundled scenarios or paths of files; every one gets the same members.
            None for the model as its text has it.
        model: a Vensim or XMILE file beside the experiment in place of this project's model.
        constants: those that vary by their own range and grade: a list, or `all`.
        leave_out: of `all`.
        inputs: those whose distribution is given here; they win over `constants`.
        outputs: ids of variables to keep.
        times: moments to keep, in the model's time; every SAVEPER where none are given.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        title="Experiment with the Trøndelag model",
    )

    version: Annotated[Literal["experiment/1"], Field(alias="schema")]
    id: Identifier
    name: Name
    story: Text | None = None
    model: Line | None = None
    scenarios: Annotated[
        tuple[Line, ...], Field(max_length=200), AfterValidator(_each_once("scenario-twice"))
    ] = ()
    design: DesignFile
    constants: Literal["all"] | tuple[Element, ...] = ()
    leave_out: tuple[Element, ...] = ()
    inputs: dict[Element, Distribution] = Field(default_factory=dict)
    correlated: dict[Identifier, Correlated] = Field(default_factory=dict)
    shares: dict[Identifier, Shares] = Field(default_factory=dict)
    curves: dict[Identifier, Curve] = Field(default_factory=dict)
    draws: Draws | None = None
    outputs: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=1000)]
    times: Annotated[tuple[Number, ...], Field(min_length=1, max_length=10_000)] | None = None
    failed: Failed = Failed()
    stop: Stop | None = None
    storage: Storage = Storage()

    # Where it was read from, and the table of `draws`: no part of what is written in the file.
    _document: Document | None = PrivateAttr(default=None)
    _drawn: dict[str, tuple[float, ...]] = PrivateAttr(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _accepted_fit(cls, said: Any) -> Any:
        """A posterior of this project's model is the accepted fit unless draws are named."""
        if not isinstance(said, dict) or "draws" in said or "model" in said:
            return said
        design = said.get("design")
        if not isinstance(design, dict) or design.get("kind") != "posterior":
            return said
        return {**said, "draws": {"file": ACCEPTED}}

    @model_validator(mode="after")
    def _something_varies(self) -> Experiment:
        if not (self.constants or self.inputs or self.shares or self.curves or self.draws):
            raise PydanticCustomError(
                "nothing-varies", "needs constants, inputs, shares, curves or draws"
            )
        if self.design.kind == "posterior" and self.draws is None:
            raise PydanticCustomError("no-draws", "a posterior design needs draws: {file: …}")
        if self.stop is not None and self.storage.keep == "summary":
            said = "a stop rule looks at trajectories: keep trajectories, or both"
            raise PydanticCustomError("stop-summary", said)
        if self.stop is not None and self.storage.members_per_part is not None:
            said = "a sweep that may stop divides its members itself: leave out members_per_part"
            raise PydanticCustomError("stop-parts", said)
        return self

    @property
    def file(self) -> str:
        """The file it was read from, as a person should see it; or ""."""
        return self._document.file if self._document else ""

    @property
    def drawn(self) -> dict[str, tuple[float, ...]]:
        """The table of `draws`: a column by element."""
        return self._drawn

    def keep(self, document: Document, drawn: dict[str, tuple[float, ...]]) -> Experiment:
        """Remember where it was read from; used by those that read."""
        self._document, self._drawn = document, drawn
        return self

    def problem(self, code: str, sentence: str, *keys: str | int, hint: str = "") -> Problem:
        """A problem with the line of a key."""
        line = self._document.root.line_of(*keys) if self._document and keys else 0
        return Problem(code, sentence, self.file, line, hint)

    def plain(self) -> dict[str, Any]:
        """As JSON and YAML have it; `Experiment.model_validate` reads it again."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
