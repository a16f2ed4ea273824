import multiprocessing
import os
from pathlib import Path

import numpy as np
import pysd
import pytest
import xarray as xr
from parsimonious.exceptions import ParseError
from pysd.translators.vensim.vensim_file import VensimFile

from sim.path import Path as Course
from sim.source import Source, load, reference
from tests.unit.source.conftest import problems

MODELS = Path(__file__).parents[2] / "reference" / "models"
GROWTH = """Region: north, south ~~|
rate[Region] = 0.1, 0.2 ~ 1/year ~|
stock[Region] = INTEG(stock[Region] * rate[Region], 100) ~ NOK ~|
total = SUM(stock[Region!]) ~ NOK ~|
"""


def run(source: Source, outputs: list[str], constants=None, paths=None, **more):
    return reference.run(source, outputs, constants or {}, paths or {}, **more)


def test_a_run_leaves_nothing_behind_for_the_next(read):
    source = read(GROWTH + "x = total * 2 ~~|")
    fresh = run(source, ["stock", "x"])
    changed = run(
        source,
        ["stock", "x"],
        {"rate": np.array([0.5, 0.0]), "time_step": 0.25},
        {"total": Course(np.array([0.0, 4.0]), np.array([1.0, 2.0]))},
    )
    again = run(source, ["stock", "x"])
    assert not np.array_equal(changed[1]["stock"], fresh[1]["stock"])
    np.testing.assert_array_equal(changed[1]["x"], [2.0, 2.5, 3.0, 3.5, 4.0])
    for name in fresh[1]:
        np.testing.assert_array_equal(again[1][name], fresh[1][name])


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # of PySD's making
def test_pysd_alone_keeps_what_was_set(written):
    """The defect that the test above guards against."""
    path = written("rate = 0.1 ~~|\ns = INTEG(s * rate, 1) ~~|")
    model = pysd.read_vensim(str(path), encoding="utf-8")
    before = model.run()["s"].iloc[-1]
    model.run(params={"rate": 0.5})
    assert model.run()["s"].iloc[-1] != before


def test_values_and_times_are_those_that_the_equations_give(read):
    times, values = run(read(GROWTH), ["stock", "total", "rate"])
    np.testing.assert_array_equal(times, [0, 1, 2, 3, 4])
    expected = 100 * np.array([1.05, 1.1]) ** (2 * times[:, None])
    np.testing.assert_allclose(values["stock"], expected, rtol=1e-14)
    np.testing.assert_allclose(values["total"], expected.sum(1), rtol=1e-14)
    np.testing.assert_array_equal(values["rate"], [[0.1, 0.2]] * 5)


@pytest.mark.parametrize("kind", ["x[Region] = 3 ~~|", "x[Region] = rate[Region] * 2 ~~|"])
@pytest.mark.parametrize("step", [False, True])
def test_a_path_takes_the_place_of_an_equation(read, kind, step):
    source = read(GROWTH + kind)
    path = Course(np.array([1.0, 3.0]), np.array([[1.0, 10.0], [3.0, 30.0]]), step)
    _, values = run(source, ["x"], {}, {"x": path})
    first, second = [1, 10], [3, 30]
    between = first if step else [2, 20]
    np.testing.assert_array_equal(values["x"], [first, first, between, second, second])


@pytest.mark.parametrize("step", [False, True])
def test_a_path_takes_the_place_of_data(read, written, step):
    folder = written("").parent / "data"
    folder.mkdir()
    (folder / "d.csv").write_text("time,d\n0,5\n4,5\n")
    source = read("d := GET DIRECT DATA('data/d.csv', ',', 'A', 'B2') ~~|\nx = d ~~|")
    path = Course(np.array([1.0, 3.0]), np.array([1.0, 3.0]), step)
    assert run(source, ["x"])[1]["x"].tolist() == [5] * 5
    between = 1.0 if step else 2.0
    assert run(source, ["x"], {}, {"d": path})[1]["x"].tolist() == [1, 1, between, 3, 3]


def test_smoothi_with_a_whole_number_to_begin_with_is_right_here_and_wrong_in_pysd(read):
    source = read("one = 1 ~~|\nx = SMOOTHI(1.7, 2, one) ~~|\ny = SMOOTH3I(1.7, 2, 1) ~~|")
    ours = run(source, ["x", "y"], {"saveper": 0.5})[1]
    theirs = run(source, ["x", "y"], {"saveper": 0.5}, stock=True)[1]
    assert ours["x"][1] == 1 + (1.7 - 1) / 2 * 0.5
    assert theirs["x"][1] == 1  # the input is cut to 1 in the first step
    assert not np.allclose(theirs["y"], ours["y"], rtol=1e-3)


def test_arrays_keep_their_digits_here_and_eight_decimals_in_pysd(read):
    source = read("Region: north, south ~~|\nx[Region] = 0.00123456789012, 0.5 ~~|")
    assert run(source, ["x"])[1]["x"][0].tolist() == [0.00123456789012, 0.5]
    assert run(source, ["x"], stock=True)[1]["x"][0].tolist() == [0.00123457, 0.5]


LOOKUPS = """Region: north, south ~~|
f([(0,0)-(10,10)],(0,0),(1,1),(3,2),(10,5)) ~~|
g[north]((0,0),(2,4)) ~~|
g[south]((0,1),(1,3),(2,-4)) ~~|
at[Region] = Time - 1, Time / 3 ~~|
one = f(Time * 3 - 1) ~~|
both[Region] = g[Region](at[Region]) ~~|
each[Region] = f(at[Region]) ~~|
shared[Region] = g[Region](Time / 2) ~~|
inline = WITH LOOKUP(Time, ((0,3),(1.5,2),(9,1))) ~~|
known := GET DIRECT DATA('data/d.csv', ',', 'A', 'B2') ~~|
held :HOLD BACKWARD: := GET DIRECT DATA('data/d.csv', ',', 'A', 'B2') ~~|
next :LOOK FORWARD: := GET DIRECT DATA('data/d.csv', ',', 'A', 'B2') ~~|
table[Region] := GET DIRECT DATA('data/d.csv', ',', 'A', 'B2') ~~|
"""


def test_numpy_reads_lookups_and_data_as_pysd_does(read, written):
    folder = written("").parent / "data"
    folder.mkdir()
    (folder / "d.csv").write_text("time,a,b\n0.5,1,2\n1.6,3,5\n2,7,-1\n3.3,0,4\n")
    text = LOOKUPS.replace(
        "at[Region] = Time - 1, Time / 3 ~~|", "at[north] = Time - 1 ~~|\nat[south] = Time / 3 ~~|"
    )
    source = read(text)
    outputs = [each.id for each in source.variables.values() if each.kind in ("auxiliary", "data")]
    assert len(outputs) == 10
    quick = run(source, outputs, {"saveper": 0.5})[1]
    exact = run(source, outputs, {"saveper": 0.5}, exact=True)[1]
    for name in outputs:
        np.testing.assert_allclose(quick[name], exact[name], rtol=1e-14, atol=1e-14, err_msg=name)
        assert len(np.unique(quick[name])) > 2, name


def test_pysd_keeps_its_own_lookups(read):
    from pysd.py_backend.lookups import HardcodedLookups, Lookups

    before = (Lookups._call, HardcodedLookups.__call__)
    run(read("f((0,0),(1,1)) ~~|\nx = f(Time) ~~|"), ["x"])
    assert (Lookups._call, HardcodedLookups.__call__) == before


def test_random_numbers_are_the_same_in_every_run_and_leave_the_callers_alone(read):
    source = read("x = RANDOM UNIFORM(0, 1, 3) ~~|")
    np.random.seed(7)
    expected = np.random.random(2)
    np.random.seed(7)
    drawn = [np.random.random()]
    first = run(source, ["x"])[1]["x"]
    drawn.append(np.random.random())
    np.testing.assert_array_equal(first, run(source, ["x"])[1]["x"])
    assert len(set(first)) == 5
    np.testing.assert_array_equal(drawn, expected)


def test_equations_that_wait_for_each_other_are_named(written):
    path = written("a = b ~~|\nb = c + 1 ~~|\nc = a ~~|\nd = a ~~|")
    (problem,) = problems(lambda: run(load(path), ["d"]))
    assert problem.code == "circle"
    assert "a → b → c → a" in problem.sentence
    assert problem.line == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a = NOTHING OF THE SORT(Time) ~~|", "unknown-function"),
        ("a = IF THEN ELSE(Time > 1, 2) ~~|", "arguments"),
        ("a = A FUNCTION OF(Time) ~~|", "no-equation"),
        ("b = 1 ~~|\n\na := GET DIRECT DATA('data/d.csv', ',', 'A', 'Z2') ~~|", "pysd"),
        ("a :INTERPOLATE: ~~|", "pysd"),
        ("R: x, y ~~|\nb[R] = 1 ~~|\na = b[R] ~~|", "subscripts"),
    ],
)
def test_what_pysd_cannot_run_is_named_with_its_line(written, text, code):
    path = written(text)
    (path.parent / "data").mkdir()
    (path.parent / "data" / "d.csv").write_text("time,d\n0,1\n4,2\n")
    (problem,) = problems(lambda: run(load(path), ["a"]))
    assert (problem.code, problem.line) == (code, 1 + text[: text.index("a ")].count("\n"))


def test_python_in_the_texts_of_a_model_is_not_run(read, written, tmp_path):
    trap = tmp_path / "sprung"
    code = f"open('{trap}','w')"
    source = read(
        f'a = 1 ~ dmnl """+{code}+""" ~ text """\\ {code}\\ """|\n'
        f"\"b'+{code}+'\" = 2 ~ ''' ~ '''\\ {code} |\n"
        f"Range: \"x'+{code}+'\", y ~~|\nc[Range] = 1, 2 ~~|"
    )
    run(source, ["a", "c"])
    path = written(f"\"R'+{code}+'\": x, y ~~|\nc[\"R'+{code}+'\"] = 1 ~~|")
    assert problems(lambda: load(path))[0].code == "range-name"
    path = written(
        f"d := GET DIRECT DATA('a\\x27+{code}', ',', 'A', 'B2') ~~|".replace("('", '("', 0)
    )
    assert problems(lambda: load(path))
    assert not trap.exists()


def test_a_model_is_read_from_a_folder_with_any_name_and_nothing_is_written_there(
    folder, tmp_path_factory
):
    place = folder({"a.mdl": "d := GET DIRECT DATA('data/d.csv', ',', 'A', 'B2') ~~|"})
    (place / "data").mkdir()
    (place / "data" / "d.csv").write_text("time,d\n0,1\n4,5\n")
    moved = tmp_path_factory.mktemp("somewhere") / "o'brien's ø"
    place.rename(moved)
    before = sorted(moved.rglob("*"))
    assert run(load(moved), ["d"])[1]["d"].tolist() == [1, 2, 3, 4, 5]
    assert sorted(moved.rglob("*")) == before


def built(cache: Path) -> list[Path]:
    return sorted((cache / "pysd").glob("*/model.py"))


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_module_is_built_once_and_a_damaged_one_again(read, own_cache):
    source = read(GROWTH)
    expected = run(source, ["total"])[1]["total"]
    (module,) = built(own_cache)
    whole, made = module.read_bytes(), module.stat().st_mtime_ns
    run(source, ["total"])
    assert module.stat().st_mtime_ns == made
    for damage in (whole[: len(whole) // 2], b"", whole.replace(b"100", b"200")):
        module.write_bytes(damage)
        np.testing.assert_array_equal(run(source, ["total"])[1]["total"], expected)
        assert module.read_bytes() == whole
    module.unlink()
    (module.parent / "contents.json").write_text("[]")
    np.testing.assert_array_equal(run(source, ["total"])[1]["total"], expected)


def _total(path: Path, cache: Path) -> list[float]:
    os.environ["TRONDELAG_CACHE"] = str(cache)
    return run(load(path), ["total"])[1]["total"].tolist()


def test_two_processes_build_the_same_model_at_once(written, tmp_path):
    path = written(GROWTH)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.starmap(_total, [(path, tmp_path / "cache")] * 2)
    assert first == second
    assert len(built(tmp_path / "cache")) == 1
    assert not list((tmp_path / "cache" / "pysd").glob(".making-*"))


def test_a_cache_that_cannot_be_written_is_said(read, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file where a folder should be")
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path / "taken"))
    (problem,) = problems(lambda: run(read(GROWTH), ["total"]))
    assert problem.code == "cache"
    assert "TRONDELAG_CACHE" in problem.hint


def readable() -> list[Path]:
    return sorted(MODELS.glob("*.mdl"))


# What PySD reads otherwise: it takes the parts of a mapping for elements, drops a sign's byte, ...
FURTHER = {
    "files_by_name",
    "keywords_in_small_letters",
    "latin_1",
    "mapping_in_parts",
    "saveper_missing",
    "stray_bytes",  # PySD leaves the bytes out
    "text_with_tilde",
    "utf_16",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", readable(), ids=lambda path: path.stem)
def test_a_vensim_text_is_read_as_pysd_reads_it(path):
    if path.stem in FURTHER:
        load(path)
        return
    theirs = VensimFile(path, encoding="utf-8")
    try:
        theirs.parse()
    except ParseError:
        pytest.skip("PySD cannot read it")
    expected = theirs.get_abstract_model()
    if path.stem in {"undefined_name", "data_missing_file"}:
        assert problems(lambda: load(path))
        return
    ours = load(path).abstract
    for mine, other in zip(ours.sections, expected.sections, strict=True):
        assert repr(mine.elements) == repr(other.elements)


def test_xmile_is_read_and_run(tmp_path):
    path = tmp_path / "cup.xmile"
    path.write_text(XMILE)
    source = load(path)
    assert source.variables["stock"].line == 5
    _, values = run(source, ["stock"])
    np.testing.assert_allclose(values["stock"], 100 * 0.9 ** np.arange(4))
    path.write_text(XMILE.replace("stock * rate", "stock * rte"))
    (problem,) = problems(lambda: load(path))
    assert (problem.code, problem.line) == ("unknown-name", 6)
    path.write_text(XMILE.replace("stock * rate", "stock ** rate").replace(">0.1<", ">0.1+<"))
    assert [each.line for each in problems(lambda: load(path))] == [7, 6]


def test_what_pysd_would_mix_up_in_xmile_is_refused(tmp_path):
    path = tmp_path / "cup.xmile"
    path.write_text(XMILE.replace("<aux", "<module name='m'/>\n<aux"))
    assert [(each.code, each.line) for each in problems(lambda: load(path))] == [("modules", 7)]
    path.write_text(
        XMILE.replace("</variables>", "<aux name='rate'><eqn>2</eqn></aux></variables>")
    )
    assert [each.code for each in problems(lambda: load(path))] == ["defined-twice"]


XMILE = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<sim_specs time_units="year"><start>0</start><stop>3</stop><dt>1</dt></sim_specs>
<model><variables>
<stock name="stock"><eqn>100</eqn><outflow>flow</outflow></stock>
<flow name="flow"><eqn>stock * rate</eqn></flow>
<aux name="rate"><eqn>0.1</eqn></aux>
</variables></model></xmile>
"""


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # of PySD's making
def test_the_datasets_labels_are_pysds(read):
    source = read(GROWTH)
    model = pysd.read_vensim(str(source.path), encoding="utf-8")
    frame = model.run(return_columns=["stock"], flatten_output=False)
    theirs = frame["stock"].iloc[0]
    assert isinstance(theirs, xr.DataArray)
    assert list(theirs.coords["Region"].values) == list(source.subscripts["Region"])
