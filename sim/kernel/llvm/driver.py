"""The loops around the functions of a schedule: members, steps, outcomes, figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.kernel import draws
from sim.kernel.llvm import walk
from sim.kernel.llvm.body import ELSEWHERE, Body, extreme, signed
from sim.kernel.llvm.layout import FAILED, FIRST, SOUND, WORDS, Parts, Piece, divide
from sim.kernel.llvm.mathematics import library, mixed
from sim.kernel.llvm.text import ATTRIBUTES, Function
from sim.kernel.reducers import Kind
from sim.kernel.schedule import Schedule

# what a call hands over, one 64-bit word each, in this order; addresses and counts
FIELDS = (
    "values", "stride", "columns", "defaults", "members", "seed", "rows", "slots",
    "first", "last", "out", "stored", "per_moment", "per_member", "per_outcome", "reducers",
    "kinds", "places", "weights", "targets", "starts", "figures", "reduced", "failed", "memory",
    "fixed", "code", "length", "numbers",
)  # fmt: skip
ENTRY = "integrate"
TOGETHER = 16  # functions in a text
# Lines that are written whole and read much later: not fetched before, and pushing out nothing.
PAST_CACHE, WITHOUT_CACHE = "!nontemporal !99", "!99 = !{i32 1}"


def write(
    schedule: Schedule, lanes: int, *, walked: bool = False
) -> tuple[Iterator[str], Parts, walk.Walk]:
    """The texts of modules that make up a program, its functions' layout, and what is walked.

    Args:
        schedule: what is computed when.
        lanes: members side by side.
        walked: whether what is computed once per member is to be walked.
    """
    parts = divide(schedule, lanes, walked=walked)
    # before the texts, since it reserves places
    walked_ = walk.encode(schedule, parts.layout, lanes) if walked else walk.Walk()
    return _texts(schedule, parts, lanes), parts, walked_


def _texts(schedule: Schedule, parts: Parts, lanes: int) -> Iterator[str]:
    """Each text when it is asked for, so that another may be compiled meanwhile."""
    entry = Driver(schedule, parts, lanes).text()
    elsewhere = [ELSEWHERE.format(name=piece.name) for piece in parts]
    yield "\n\n".join([library(lanes, entry), *elsewhere, walk.ELSEWHERE, entry, WITHOUT_CACHE])
    gather = (
        f"declare <{lanes} x double> @llvm.masked.gather.v{lanes}f64.v{lanes}p0"
        f"(<{lanes} x ptr>, i32, <{lanes} x i1>, <{lanes} x double>)"
    )
    for pieces in _batches(tuple(parts)):
        bodies = [Body(schedule, parts.layout, piece, lanes) for piece in pieces]
        arrays = {name: text for body in bodies for name, text in body.arrays.items()}
        text = "\n\n".join([*arrays.values(), *(body.text() for body in bodies)])
        yield "\n\n".join([*([gather] if arrays else []), library(lanes, text), text])


def _batches(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    for start in range(0, len(pieces), TOGETHER):
        yield pieces[start : start + TOGETHER]


class Driver:
    """Writes the entry, which integrates the members from `first` up to `last`."""

    def __init__(self, schedule: Schedule, parts: Parts, lanes: int) -> None:
        self._schedule, self._parts, self._lanes = schedule, parts, lanes
        self._f = f = Function(f"define void @{ENTRY}(ptr %call) {ATTRIBUTES}", lanes)
        self._field = {}
        for place, name in enumerate(FIELDS):
            address = f.give(f"getelementptr i64, ptr %call, i64 {place}")
            self._field[name] = f.give(f"load i64, ptr {address}")
        for name in ("values", "columns", "defaults", "members", "rows", "slots", "out", "kinds",
                     "places", "weights", "targets", "starts", "figures", "reduced", "failed",
                     "memory", "fixed", "code", "numbers"):  # fmt: skip
            self._field[name] = f.give(f"inttoptr i64 {self._field[name]} to ptr")
        self._memory = self._field["memory"]
        first, last = self._field["first"], self._field["last"]
        shared = f.at(self._memory, parts.layout.fixed)
        with f.loop(str(len(schedule.fixed))) as number:
            value = self._number(self._field["fixed"], number)
            f.line(f"store double {value}, ptr {self._place(shared, number)}")
        members = f.give(f"sub i64 {last}, {first}")
        above = f.give(f"add i64 {members}, {lanes - 1}")
        with f.loop(f.give(f"sdiv i64 {above}, {lanes}")) as block:
            ahead = f.give(f"mul i64 {block}, {lanes}")
            self._base = f.give(f"add i64 {first}, {ahead}")
            left = f.give(f"sub i64 {last}, {self._base}")
            fewer = f.give(f"icmp slt i64 {left}, {lanes}")
            self._live = f.give(f"select i1 {fewer}, i64 {left}, i64 {lanes}")
            self._block()
        f.line("fence seq_cst")  # what went past the cache is there for other threads
        f.line("ret void")

    def text(self) -> str:
        """The function."""
        return self._f.text()

    def _place(self, base: str, index: str, kind: str = "double") -> str:
        return self._f.give(f"getelementptr {kind}, ptr {base}, i64 {index}")

    def _integer(self, base: str, index: str) -> str:
        return self._f.give(f"load i64, ptr {self._place(base, index)}")

    def _number(self, base: str, index: str) -> str:
        return self._f.give(f"load double, ptr {self._place(base, index)}")

    def _member(self, lane: str) -> str:
        """The row of a lane; lanes past the end repeat the last member."""
        f = self._f
        bound = f.give(f"sub i64 {self._live}, 1")
        beyond = f.give(f"icmp sgt i64 {lane}, {bound}")
        held = f.give(f"select i1 {beyond}, i64 {bound}, i64 {lane}")
        return f.give(f"add i64 {self._base}, {held}")

    def _spread(self, value: str, kind: str = "double") -> str:
        f, vector = self._f, f"<{self._lanes} x {kind}>"
        first = f.give(f"insertelement {vector} poison, {kind} {value}, i32 0")
        return f.give(
            f"shufflevector {vector} {first}, {vector} poison, "
            f"<{self._lanes} x i32> zeroinitializer"
        )

    def _block(self) -> None:
        f, layout, schedule = self._f, self._parts.layout, self._schedule
        self._load_parameters()
        self._load_words()
        f.store(f.real(0.0), self._memory, SOUND)
        unfailed = f.at(self._memory, FAILED)
        f.line(f"store {f.wholes} {f.whole(-1)}, ptr {unfailed}, align {f.aligned}")
        with f.loop(self._field["reducers"]) as reducer:
            value = self._spread(self._number(self._field["starts"], reducer))
            f.store(value, self._field["figures"], reducer)
        states = [f.at(self._memory, place) for place in layout.states]
        if self._parts.walked:
            f.line(
                f"call void @walk(ptr {self._memory}, ptr {self._field['rows']}, "
                f"ptr {self._field['numbers']}, ptr {self._field['code']}, "
                f"i64 {self._field['length']})"
            )
        self._run(self._parts.prologue, states[0], states[0], self._field["rows"], "0")
        self._run(self._parts.start, states[0], states[0], self._field["rows"], "0")
        self._check("0")
        with f.loop(str(schedule.grid.steps + 1)) as step:
            if schedule.integrator == "rk4":
                now = later = states[0]
                row = self._row(f.give(f"mul i64 {step}, 2"))
            else:
                odd = f.give(f"trunc i64 {step} to i1")
                now = f.give(f"select i1 {odd}, ptr {states[1]}, ptr {states[0]}")
                later = f.give(f"select i1 {odd}, ptr {states[0]}, ptr {states[1]}")
                row = self._row(step)
            self._run(self._parts.step, now, later, row, step)
            # after the last moment no state goes on: what the step left there counts for nothing
            with f.when(f.give(f"icmp eq i64 {step}, {schedule.grid.steps}")):
                f.store(f.real(0.0), self._memory, SOUND)
            slot = self._integer(self._field["slots"], step)
            with f.when(f.give(f"icmp sge i64 {slot}, 0")):
                self._run(self._parts.observe, now, later, row, step)
                self._store(slot)
                self._reduce(slot)
            if schedule.integrator == "rk4":
                with f.when(f.give(f"icmp slt i64 {step}, {schedule.grid.steps}")):
                    self._runge_kutta(states, step)
            self._check(step)
        self._leave()

    def _row(self, index: str) -> str:
        offset = self._f.give(f"mul i64 {index}, {len(self._schedule.rows)}")
        return self._place(self._field["rows"], offset)

    def _run(self, pieces: tuple[Piece, ...], now: str, later: str, row: str, step: str) -> None:
        for piece in pieces:
            self._f.line(
                f"call void @{piece.name}(ptr {self._memory}, ptr {now}, ptr {later}, "
                f"ptr {row}, i64 {step})"
            )

    def _load_parameters(self) -> None:
        f, field = self._f, self._field
        with f.loop(str(len(self._schedule.parameters))) as parameter:
            column = self._integer(field["columns"], parameter)
            place = f.give(f"add i64 {parameter}, {FIRST}")
            with f.when(f.give(f"icmp slt i64 {column}, 0")):
                value = self._spread(self._number(field["defaults"], parameter))
                f.store(value, self._memory, place)
            with f.when(f.give(f"icmp sge i64 {column}, 0")):
                lanes = f.at(self._memory, place)
                with f.loop(str(self._lanes)) as lane:
                    row = f.give(f"mul i64 {self._member(lane)}, {field['stride']}")
                    value = self._number(field["values"], f.give(f"add i64 {row}, {column}"))
                    f.line(f"store double {value}, ptr {self._place(lanes, lane)}")

    def _load_words(self) -> None:
        """What stands for seed and member in random draws: `draws.lanes`."""
        f = self._f
        words = f.at(self._memory, WORDS)
        with f.loop(str(self._lanes)) as lane:
            member = self._integer(self._field["members"], self._member(lane))
            f.line(f"store i64 {member}, ptr {self._place(words, lane)}")
        members = f.give(f"load {f.wholes}, ptr {words}, align {f.aligned}")
        strides = f.word("add", members, f.whole(1))
        strides = f.word("mul", strides, f.whole(signed(draws.GOLDEN)))
        word = mixed(f, f.word("add", strides, self._spread(self._field["seed"], "i64")))
        f.line(f"store {f.wholes} {word}, ptr {words}, align {f.aligned}")

    def _check(self, step: str) -> None:
        """Note the step for lanes that have just left the finite numbers."""
        f = self._f
        sound = f.load(self._memory, SOUND)
        place = f.at(self._memory, FAILED)
        failed = f.give(f"load {f.wholes}, ptr {place}, align {f.aligned}")
        bad = f.compare("uno", sound, sound)
        fresh = f.give(f"icmp slt {f.wholes} {failed}, zeroinitializer")
        noted = f.choose(f.mask("and", bad, fresh), self._spread(step, "i64"), failed)
        f.line(f"store {f.wholes} {noted}, ptr {place}, align {f.aligned}")

    def _store(self, slot: str) -> None:
        """Write the outcomes of a moment: past the cache where members fill whole lines."""
        f, field = self._f, self._field
        count = str(len(self._schedule.outcomes))
        vectors = f.at(self._memory, self._parts.layout.outcomes)
        with f.when(f.give(f"icmp ne i64 {field['stored']}, 0")):
            ahead = f.give(f"mul i64 {slot}, {field['per_moment']}")
            across = f.give(f"mul i64 {self._base}, {field['per_member']}")
            start = self._place(field["out"], f.give(f"add i64 {ahead}, {across}"))
            whole = self._whole(start)
            with f.when(whole), f.loop(count) as index:
                target = self._place(start, f.give(f"mul i64 {index}, {field['per_outcome']}"))
                value = f.load(vectors, index)
                f.line(f"store {f.reals} {value}, ptr {target}, align {f.aligned}, {PAST_CACHE}")
            with f.when(f.give(f"xor i1 {whole}, true")):
                self._scatter(vectors, count, start, field["per_member"], field["per_outcome"])

    def _whole(self, start: str) -> str:
        """Whether all lanes are alive, side by side, and at the beginning of a line."""
        f, field = self._f, self._field
        beside = f.give(f"icmp eq i64 {field['per_member']}, 1")
        full = f.give(f"icmp eq i64 {self._live}, {self._lanes}")
        bytes_ = f.give(f"mul i64 {field['per_outcome']}, 8")
        both = f.give(f"or i64 {bytes_}, {f.give(f'ptrtoint ptr {start} to i64')}")
        off = f.give(f"and i64 {both}, {f.aligned - 1}")
        there = f.give(f"icmp eq i64 {off}, 0")
        return f.give(f"and i1 {there}, {f.give(f'and i1 {beside}, {full}')}")

    def _scatter(
        self, vectors: str, count: str, start: str, per_member: str, per_vector: str
    ) -> None:
        """Write `count` vectors lane by lane, each number at its place from `start`."""
        f = self._f
        with f.loop(self._live) as lane:
            target = self._place(start, f.give(f"mul i64 {lane}, {per_member}"))
            with f.loop(count) as index:
                source = f.give(f"mul i64 {index}, {self._lanes}")
                value = self._number(vectors, f.give(f"add i64 {source}, {lane}"))
                place = self._place(target, f.give(f"mul i64 {index}, {per_vector}"))
                f.line(f"store double {value}, ptr {place}")

    def _reduce(self, slot: str) -> None:
        """`reducers.join`, for every reducer."""
        f, field = self._f, self._field
        outcomes = f.at(self._memory, self._parts.layout.outcomes)
        with f.loop(field["reducers"]) as reducer:
            row = f.give(f"mul i64 {slot}, {field['reducers']}")
            row = f.give(f"add i64 {row}, {reducer}")
            weight = self._number(field["weights"], row)
            with f.when(f.give(f"fcmp une double {weight}, 0.0")):
                weights = self._spread(weight)
                target = self._spread(self._number(field["targets"], row))
                kind = self._integer(field["kinds"], reducer)
                value = f.load(outcomes, self._integer(field["places"], reducer))
                figure = f.load(field["figures"], reducer)
                for each in Kind:
                    with f.when(f.give(f"icmp eq i64 {kind}, {each.value}")):
                        joined = self._joined(each, figure, value, weights, target)
                        f.store(joined, field["figures"], reducer)

    def _joined(self, kind: Kind, figure: str, value: str, weight: str, target: str) -> str:
        f = self._f
        match kind:
            case Kind.LAST:
                return value
            case Kind.MINIMUM | Kind.MAXIMUM:
                return extreme(f, kind is Kind.MINIMUM, figure, value)
            case Kind.SUM:
                return f.add(figure, f.mul(weight, value))
            case Kind.DISTANCE | Kind.LOG_DISTANCE:
                seen = f.call("of_ln", value) if kind is Kind.LOG_DISTANCE else value
                apart = f.sub(seen, target)
                return f.add(figure, f.mul(weight, f.mul(apart, apart)))

    def _runge_kutta(self, states: list[str], step: str) -> None:
        """Three more slopes, and their weighted mean; the first is in memory."""
        f, layout = self._f, self._parts.layout
        width = self._schedule.grid.width
        count = str(len(self._schedule.states))
        slopes, totals = (f.at(self._memory, place) for place in layout.slopes)
        now, ahead = states
        row = f.give(f"mul i64 {step}, 2")
        with f.loop(count) as state:
            f.store(f.load(slopes, state), totals, state)
        for stage, reach, weight in ((1, 0.5, 2.0), (1, 0.5, 2.0), (2, 1.0, 1.0)):
            with f.loop(count) as state:
                gain = f.mul(f.load(slopes, state), f.real(reach * width))
                f.store(f.add(f.load(now, state), gain), ahead, state)
            later = self._row(f.give(f"add i64 {row}, {stage}"))
            self._run(self._parts.step, ahead, ahead, later, step)
            with f.loop(count) as state:
                more = f.mul(f.load(slopes, state), f.real(weight))
                f.store(f.add(f.load(totals, state), more), totals, state)
        with f.loop(count) as state:
            gain = f.mul(f.load(totals, state), f.real(width / 6.0))
            value = f.add(f.load(now, state), gain)
            f.store(value, now, state)
            sound = f.fma(value, f.real(0.0), f.load(self._memory, SOUND))
            f.store(sound, self._memory, SOUND)

    def _leave(self) -> None:
        """Hand over each lane's figures and the step in which it failed."""
        f, field = self._f, self._field
        row = f.give(f"mul i64 {self._base}, {field['reducers']}")
        start = self._place(field["reduced"], row)
        self._scatter(field["figures"], field["reducers"], start, field["reducers"], "1")
        failed = f.at(self._memory, FAILED)
        with f.loop(self._live) as lane:
            value = self._integer(failed, lane)
            member = f.give(f"add i64 {self._base}, {lane}")
            f.line(f"store i64 {value}, ptr {self._place(field['failed'], member)}")
