"""A planner asks where a value comes from."""

import json
import re
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.project import ROOT, SCENARIOS


def test_a_scenario_in_short(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["show", "ocean_push"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("ocean_push: Ocean-space push\n")
    assert "built from: baseline → ocean_push" in out
    assert "2018: 88.4, 2022: 208.4" in out
    assert "levers.effort.technology.ocean_space: {2018: 1.96444444, 2022: 41.96444444}" in out
    assert "bioeconomy" not in out


def test_every_merged_value_names_a_line_that_says_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["show", "ocean_push_salmon_slump", "--merged"]) == 0
    values = re.findall(
        r"^  (?:levers|external)\.(\S+): (.+?)  <- (\S+):(\d+)(?: \(on (\S+):(\d+)\))?$",
        capsys.readouterr().out,
        re.MULTILINE,
    )
    assert len(values) == 45 + 2
    for name, _, *places in values:
        for file, number in zip(places[::2], places[1::2], strict=True):
            if not file:
                continue
            line = Path(file).read_text("utf-8").splitlines()[int(number) - 1].strip()
            assert line.startswith((name.removeprefix("effort."), '"*.*"')), line
    assert any(on for *_, on, _ in values)


def test_a_scenario_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "salmon_slump", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["layers"] == ["baseline", "salmon_slump"]
    price = {"2026": 1, "2027": 0.6, "2030": 0.6, "2033": 1}
    assert plain["external"]["salmon_price_factor"] == price
    [origin] = plain["origins"]["external.salmon_price_factor"]
    assert "salmon_slump.yaml:" in origin


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        ("effort", "owner: Trøndelag fylkeskommune"),
        ("salmon_price_factor", "name: Laksepris"),
        ("salmon_volume", "name: Produsert laks"),
        ("strategy", "name: Et verdiskapende Trøndelag"),
        (str(SCENARIOS / "baseline.yaml"), "Dagens innsats fortsetter"),
    ],
)
def test_whatever_is_listed_can_be_shown_in_norwegian(
    capsys: pytest.CaptureFixture[str], id_: str, words: str
) -> None:
    assert main(["show", id_, "--lang", "nb"]) == 0
    assert words in capsys.readouterr().out


def test_an_unknown_id_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "salmon_slum"]) == 2
    assert "did you mean 'salmon_slump'?" in capsys.readouterr().err


@pytest.mark.parametrize("id_", ["../secret", "/etc/passwd", "x\x1b[31m", "ø" * 300, ""])
def test_a_hostile_id_is_one_clean_message(capsys: pytest.CaptureFixture[str], id_: str) -> None:
    assert main(["show", id_]) == 2
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert err.startswith("1 problem in the input")
