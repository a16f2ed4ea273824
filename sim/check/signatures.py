"""What functions ask of the units of their arguments, and what unit they give.

A signature is a line `arguments -> result`. `u`, `v`: any unit, the same wherever the letter
stands; `1`: dimensionless; `t`: the model's unit of time; `*`: not looked at. Results may
multiply: `u/v`, `u*t`. A line may list more arguments than a call has.
"""

from __future__ import annotations

_LINES = """
abs: u -> u
integer: u -> u
min: u u -> u
max: u u -> u
vmin: u -> u
vmax: u -> u
vmin_xmile: u -> u
vmax_xmile: u -> u
sum: u -> u
if_then_else: * u u -> u
active_initial: u u -> u
modulo: u u -> u
quantum: u u -> u
zidz: u v -> u/v
exp: 1 -> 1
ln: 1 -> 1
log: 1 1 -> 1
log10: 1 -> 1
gamma_ln: 1 -> 1
sin: 1 -> 1
cos: 1 -> 1
tan: 1 -> 1
arcsin: 1 -> 1
arccos: 1 -> 1
arctan: 1 -> 1
sinh: 1 -> 1
cosh: 1 -> 1
tanh: 1 -> 1
step: u t -> u
ramp: u t t -> u*t
Xramp: u t -> u*t
pulse: t t -> 1
pulse_train: t t t t -> 1
Xpulse: t u -> u/t
Xpulse_train: t t u -> u/t
get_time_value: * * * -> t
pi: -> 1
elmcount: * -> 1
vector_select: * u * * * -> u
vector_sort_order: * * -> 1
vector_rank: * * -> 1
vector_reorder: u * -> u
rank: * * -> 1
invert_matrix: u * -> 1/u
random_0_1: -> 1
random_uniform: u u * -> u
random_normal: u u u u * -> u
random_exponential: u u u u * -> u
random_poisson: u u u u u * -> u
"""

SIGNATURES: dict[str, tuple[tuple[str, ...], str]] = {}
for _line in _LINES.strip().splitlines():
    _name, _rest = _line.split(":")
    _arguments, _result = _rest.split("->")
    SIGNATURES[_name] = (tuple(_arguments.split()), _result.strip())

# The fields of PySD's structures, in place of arguments; fields left out are not looked at.
STRUCTURES: dict[str, tuple[dict[str, str], str]] = {
    "IntegStructure": ({"initial": "u", "flow": "u/t"}, "u"),
    "InitialStructure": ({"initial": "u"}, "u"),
    "GameStructure": ({"expression": "u"}, "u"),
    "SmoothStructure": ({"input": "u", "smooth_time": "t", "initial": "u"}, "u"),
    "SmoothNStructure": ({"input": "u", "smooth_time": "t", "initial": "u", "order": "*"}, "u"),
    "DelayStructure": ({"input": "u", "delay_time": "t", "initial": "u"}, "u"),
    "DelayNStructure": ({"input": "u", "delay_time": "t", "initial": "u", "order": "*"}, "u"),
    "DelayFixedStructure": ({"input": "u", "delay_time": "t", "initial": "u"}, "u"),
    "TrendStructure": ({"input": "u", "average_time": "t", "initial_trend": "1/t"}, "1/t"),
    "ForecastStructure": (
        {"input": "u", "average_time": "t", "horizon": "t", "initial_trend": "1/t"},
        "u",
    ),
    "SampleIfTrueStructure": ({"condition": "*", "input": "u", "initial": "u"}, "u"),
    "AllocateAvailableStructure": ({"request": "u", "pp": "*", "avail": "u"}, "u"),
    "AllocateByPriorityStructure": (
        {"request": "u", "priority": "v", "size": "*", "width": "v", "supply": "u"},
        "u",
    ),
}
