"""The design: how the unit cube is sampled, and the estimator that belongs to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import special

from sim.errors import wrong
from sim.shapes import Float64

Cube = Float64[np.ndarray, "member factor"]

ESTIMATORS = {
    "sobol": "sobol",
    "morris": "morris",
    "fast": "fast",
    "rbd_fast": "rbd_fast",
    "delta": "delta",
    "pawn": "pawn",
    "dgsm": "dgsm",
    "ff": "ff",
    "hdmr": "hdmr",
    "lhs": "given_data",
    "halton": "given_data",
    "full": "given_data",
    "posterior": "given_data",
}
GROUPED = {"sobol", "morris"}  # designs that can vary several factors as one
DRAWING = {"sobol", "lhs", "halton", "delta", "pawn", "posterior"}  # that can take rows whole
ALONE = {"fast", "rbd_fast", "dgsm", "ff", "hdmr"}  # that judge each factor as independent
STOPPING = {  # the indices whose intervals may end a sweep; a beginning of it is a sample too
    "sobol": ("first", "total"),
    "rbd_fast": ("first",),
    "lhs": ("first",),
    "halton": ("first",),
    "posterior": ("first",),
}
HARMONICS = 4  # of FAST
FEWEST_FAST = 4 * HARMONICS**2 + 1
STEP = 0.01  # of DGSM, relative
FAR = 1e-9


@dataclass(frozen=True)
class Factor:
    """One coordinate of the unit cube.

    Args:
        id: its name: an element, or a part of shares, a curve or the draws.
        group: what it is varied and judged with; its own id where it stands alone.
        variable: id of the constant it moves, or "" for several.
        columns: the columns of the member table that it moves.
        grade: of the evidence for its value, A to D, or "".
        name: for people, by language.
        own: "share" or "drawn" where its coordinate alone does not say what its column is:
            estimators that need no design judge it by the column's values; else "".
    """

    id: str
    group: str
    variable: str
    columns: tuple[str, ...]
    grade: str
    name: Mapping[str, str]
    own: str = ""


@dataclass(frozen=True)
class Copula:
    """Factors that move together, as normal variables with these correlations.

    Args:
        factors: their ids.
        correlation: symmetric, ones in the diagonal, rows in the order of `factors`.
    """

    factors: tuple[str, ...]
    correlation: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Design:
    """What was sampled, from which the sample can be made again.

    Args:
        kind: of design.
        estimator: the only one that may analyse it; given-data estimators always may.
        n: as the experiment file has it; 0 where the size follows from the factors.
        seed: the same seed, the same sample.
        second_order: of sobol.
        levels: of morris and full; 0 elsewhere.
        optimal: of morris; 0 for none.
        factors: the coordinates, in order.
        copulas: which of them move together.
        members: rows.
        made_by: version of SALib or SciPy.
        cube: SHA-256 of the sample.
        failed: policy for failed members, and the share that may be left out.
        at_most: that share.
        stop: half-width of the intervals at which there are members enough; 0 for none.
        stop_of: which index the stop rule looks at.
        rows: of the table of draws; 0 where there is none.
    """

    kind: str
    estimator: str
    n: int
    seed: int
    second_order: bool
    levels: int
    optimal: int
    factors: tuple[Factor, ...]
    copulas: tuple[Copula, ...] = ()
    members: int = 0
    made_by: str = ""
    cube: str = ""
    failed: str = "refuse"
    at_most: float = 0.01
    stop: float = 0.0
    stop_of: str = "total"
    rows: int = 0

    @property
    def groups(self) -> tuple[str, ...]:
        """What is judged: single factors, and groups as one; in order."""
        return tuple(dict.fromkeys(factor.group for factor in self.factors))

    @property
    def drawn(self) -> list[int]:
        """Which factors are columns of the draws."""
        return [at for at, factor in enumerate(self.factors) if factor.own == "drawn"]

    @property
    def block(self) -> int:
        """How many members hang together: all go if one fails. 0: the whole sample does."""
        match self.kind:
            case "sobol":
                return rows("sobol", 1, 0, len(self.groups), self.second_order, 0)
            case "morris":
                return len(self.groups) + 1
            case "dgsm":
                return len(self.factors) + 1
            case "fast" | "ff":
                return 0
            case _:
                return 1

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "groups": list(self.groups)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Design:
        """The design that `plain` wrote.

        Raises:
            InputError: it is none.
        """
        try:
            fields: dict[str, Any] = {name: plain[name] for name in cls.__dataclass_fields__}
            factors: list[dict[str, Any]] = plain["factors"]
            fields["factors"] = tuple(
                Factor(**dict(each, columns=tuple(each["columns"]))) for each in factors
            )
            fields["copulas"] = tuple(
                Copula(tuple(each["factors"]), tuple(map(tuple, each["correlation"])))
                for each in plain["copulas"]
            )
            return cls(**fields)
        except (KeyError, TypeError) as error:
            said = f"the run does not tell how its members were sampled ({error})"
            raise wrong("no-design", said, hint="run it again with `trondelag sweep`") from error


def rows(kind: str, n: int, factors: int, groups: int, second_order: bool, levels: int) -> int:
    """How many members a design has."""
    match kind:
        case "sobol":
            return n * (2 * groups + 2 if second_order else groups + 2)
        case "morris":
            return n * (groups + 1)
        case "fast":
            return n * factors
        case "dgsm":
            return n * (factors + 1)
        case "ff":
            return 2 * _power(factors)
        case "full":
            # Beyond any limit already; the exact number would be of no use.
            return levels**factors if factors * np.log(levels) < 40 else 2**60
        case _:
            return n


def sampled(design: Design) -> Cube:
    """The sample of a design: the same for the same version of SALib and SciPy."""
    # SALib takes two seconds to import, scipy.stats half a second; who only reads an experiment
    # does not wait for them.
    count, n, seed = len(design.factors), design.n, design.seed
    from scipy.stats import qmc

    if design.kind == "lhs":
        return qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(n)
    if design.kind == "posterior":
        rng = np.random.default_rng(seed)
        cube = qmc.LatinHypercube(count, rng=rng).random(design.members)
        # Every row at most once, in an order of its own: chains lie one behind the other.
        cube[:, design.drawn] = ((rng.permutation(design.rows)[: len(cube)] + 0.5) / design.rows)[
            :, None
        ]
        return cube
    if design.kind == "halton":
        return qmc.Halton(count, rng=np.random.default_rng(seed)).random(n)
    if design.kind == "full":
        line = (np.arange(design.levels) + 0.5) / design.levels
        grid = np.meshgrid(*[line] * count, indexing="ij")
        return np.stack([axis.ravel() for axis in grid], axis=1)
    cube = np.asarray(_salib(design), dtype=np.float64)[:, :count]
    return np.clip(cube, 0.0, 1.0, out=cube)


def correlated(design: Design, cube: Cube) -> Cube:
    """The sample with the copulas laid over it: places of the inputs in their distributions."""
    if not design.copulas:
        return cube
    moved = cube.copy()
    places = {factor.id: place for place, factor in enumerate(design.factors)}
    for copula in design.copulas:
        columns = [places[own] for own in copula.factors]
        # A design may ask for 0 and 1, which lie infinitely far out.
        normal = special.ndtri(np.clip(cube[:, columns], FAR, 1.0 - FAR))
        lower = np.linalg.cholesky(np.array(copula.correlation))
        moved[:, columns] = special.ndtr(np.einsum("mj,ij->mi", normal, lower))
    return moved


def problem(design: Design) -> dict[str, Any]:
    """The factors as SALib wants them."""
    told: dict[str, Any] = {
        "num_vars": len(design.factors),
        "names": [factor.id for factor in design.factors],
        "bounds": [[0.0, 1.0]] * len(design.factors),
    }
    if len(design.groups) < len(design.factors):
        told["groups"] = [factor.group for factor in design.factors]
    return told


def fingerprint(cube: Cube) -> str:
    """SHA-256 over a sample."""
    return hashlib.sha256(np.ascontiguousarray(cube, dtype="<f8").tobytes()).hexdigest()


def maker(kind: str) -> str:
    """What makes the samples of a kind, with its version."""
    from importlib.metadata import version

    own = "scipy" if kind in {"lhs", "halton", "full"} else "SALib"
    return f"{own} {version(own)}"


def _salib(design: Design) -> Any:
    from SALib.sample import fast_sampler, ff, finite_diff, latin
    from SALib.sample import sobol as sobol_sampler
    from SALib.sample.morris import morris as morris_sampler

    told, n, seed = problem(design), design.n, design.seed
    match design.kind:
        case "sobol":
            return sobol_sampler.sample(told, n, calc_second_order=design.second_order, seed=seed)
        case "morris":
            pool, kept = (n, design.optimal) if design.optimal else (n, None)
            return morris_sampler.sample(told, pool, design.levels, kept, seed=seed)
        case "fast":
            return fast_sampler.sample(told, n, M=HARMONICS, seed=seed)
        case "dgsm":
            return finite_diff.sample(told, n, delta=STEP, seed=seed)
        case "ff":
            return ff.sample(told, seed=seed)
        case _:
            return latin.sample(told, n, seed=seed)


def _power(count: int) -> int:
    return 1 << (count - 1).bit_length() if count > 1 else 1
