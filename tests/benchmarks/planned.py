"""A generated model of the planned size: about 1,400 operations a step, 154 states, 512 steps.

Nine industries in two regions with Cobb-Douglas production, knowledge, recruiting and a small
population chain. The equations have the mix of a value-creation model and stand for nothing real.
"""

# ruff: noqa: E501 -- an equation stays on one line, as Vensim writes it
from __future__ import annotations

INDUSTRIES = tuple(f"industry {letter}" for letter in "abcdefghi")
REGIONS = ("city", "districts")
AGES = ("young", "grown", "old")


def _row(first: float, step: float) -> str:
    """Eighteen numbers as a Vensim array over industry and region."""
    cells = [[first + step * (2 * i + r) for r in range(2)] for i in range(len(INDUSTRIES))]
    return " ".join(", ".join(f"{v:.6g}" for v in row) + ";" for row in cells)


TEXT = """{{UTF-8}}
Industry: {industries} ~~|
Region: {regions} ~~|

capital[Industry, Region] = INTEG(investment[Industry, Region] - capital[Industry, Region] / capital life, initial capital[Industry, Region]) ~~|
initial capital[Industry, Region] = {capital} ~~|
capital life = 15.5 ~~|
knowledge[Industry, Region] = INTEG(learning[Industry, Region] - knowledge[Industry, Region] * forgetting, 1 + 0.1 * initial capital[Industry, Region] / 100) ~~|
forgetting = 0.04 ~~|
learning[Industry, Region] = learning rate * research[Industry, Region] ^ research elasticity * knowledge effect(spilled[Region] / own weight) ~~|
learning rate = 0.06 ~~|
research elasticity = 0.35 ~~|
own weight = 2.5 ~~|
knowledge effect( (0,0.5),(0.5,0.8),(1,1),(2,1.3),(4,1.6),(8,1.8) ) ~~|
spilled[Region] = SUM(knowledge[Industry!, Region]) / ELMCOUNT(Industry) * (1 - distance) + distance * total knowledge / 18 ~~|
total knowledge = SUM(knowledge[Industry!, Region!]) ~~|
distance = 0.3 ~~|
spent[Industry, Region] = research share * output[Industry, Region] * focus[Industry, Region] ~~|
first[Industry, Region] = INTEG(spent[Industry, Region] - first[Industry, Region] * 3 / research time, spent[Industry, Region] * research time / 3) ~~|
second[Industry, Region] = INTEG((first[Industry, Region] - second[Industry, Region]) * 3 / research time, first[Industry, Region]) ~~|
third[Industry, Region] = INTEG((second[Industry, Region] - third[Industry, Region]) * 3 / research time, second[Industry, Region]) ~~|
research[Industry, Region] = third[Industry, Region] * 3 / research time ~~|
research share = 0.03 ~~|
research time = 6.5 ~~|
focus[Industry, Region] = {focus} ~~|

potential[Industry, Region] = knowledge[Industry, Region] ^ knowledge elasticity * capital[Industry, Region] ^ capital elasticity * workers[Industry, Region] ^ (1 - capital elasticity) ~~|
knowledge elasticity = 0.25 ~~|
capital elasticity = 0.4 ~~|
demand[Industry, Region] = initial demand[Industry, Region] * income effect(expected income[Region]) * (price[Industry, Region] / reference price) ^ price elasticity * (1 + world growth) ^ (Time - 2008) ~~|
initial demand[Industry, Region] = {demand} ~~|
price elasticity = -0.6 ~~|
reference price = 1.02 ~~|
world growth = 0.012 ~~|
income effect( (0,0.6),(0.5,0.85),(1,1),(1.5,1.1),(2,1.18),(4,1.4) ) ~~|
price[Industry, Region] = MIN(2.5, MAX(0.4, 1 / pressure[Industry, Region])) ~~|
pressure[Industry, Region] = SMOOTHI(ZIDZ(potential[Industry, Region], demand[Industry, Region]), adjust, 1.05) ~~|
adjust = 1.75 ~~|
output[Industry, Region] = MIN(potential[Industry, Region], expected demand[Industry, Region]) ~~|
expected demand[Industry, Region] = SMOOTHI(demand[Industry, Region], expect, initial demand[Industry, Region]) ~~|
expect = 1.25 ~~|
profit[Industry, Region] = output[Industry, Region] * price[Industry, Region] - workers[Industry, Region] * wage[Region] - capital[Industry, Region] / capital life ~~|
investment[Industry, Region] = MAX(0, capital[Industry, Region] / capital life * invest effect(1 + profit[Industry, Region] / capital[Industry, Region])) ~~|
invest effect( (0,0),(0.5,0.3),(0.8,0.7),(1,1),(1.2,1.35),(1.5,1.7),(2,2) ) ~~|
workers[Industry, Region] = INTEG(hiring[Industry, Region] - workers[Industry, Region] * quitting, initial demand[Industry, Region] * 0.9) ~~|
quitting = 0.12 ~~|
wanted[Industry, Region] = workers[Industry, Region] * MAX(0.5, MIN(1.5, XIDZ(expected demand[Industry, Region], potential[Industry, Region], 1))) ~~|
hiring[Industry, Region] = MAX(0, (wanted[Industry, Region] - workers[Industry, Region]) / hire time + workers[Industry, Region] * quitting) * filled[Region] ~~|
hire time = 0.75 ~~|
jobs[Region] = SUM(workers[Industry!, Region]) ~~|
filled[Region] = filling(jobs[Region] / labour force[Region]) ~~|
filling( (0,1),(0.8,1),(0.9,0.9),(0.95,0.7),(1,0.3),(1.1,0) ) ~~|
wage[Region] = INTEG(wage[Region] * wage response * (jobs[Region] / labour force[Region] - 0.92), 0.35) ~~|
wage response = 0.4 ~~|
income[Region] = SUM(output[Industry!, Region]) / people[Region] ~~|
expected income[Region] = SMOOTHI(income[Region] / initial income[Region], 2.5, 1.01) ~~|
initial income[Region] = INITIAL(income[Region]) ~~|

young[Region] = INTEG(births[Region] - young[Region] / 20, 60 + 5 * start[Region]) ~~|
grown[Region] = INTEG(young[Region] / 20 - grown[Region] / 45 + moving[Region], 130 + 9 * start[Region]) ~~|
old[Region] = INTEG(grown[Region] / 45 - old[Region] / 18, 45 + 3 * start[Region]) ~~|
start[Region] = 1.5, 0.5 ~~|
people[Region] = young[Region] + grown[Region] + old[Region] ~~|
births[Region] = grown[Region] * fertility ~~|
fertility = 0.024 ~~|
labour force[Region] = grown[Region] * MIN(0.95, base activity + activity effect(expected income[Region])) ~~|
base activity = 0.78 ~~|
activity effect( (0,-0.1),(1,0),(2,0.05),(4,0.08) ) ~~|
pull[Region] = wage[Region] * filled[Region] ~~|
moved = grown[districts] * move rate * (pull[city] - pull[districts]) ~~|
moving[Region] = moved * sign[Region] ~~|
sign[Region] = 1, -1 ~~|
move rate = 0.02 ~~|
policy[Region] = STEP(0.01, policy year) * start[Region] ~~|
policy year = 2018 ~~|
value added[Region] = SUM(output[Industry!, Region]) * (1 + policy[Region]) ~~|
value added by industry[Industry] = SUM(output[Industry, Region!]) ~~|
value added total = SUM(value added[Region!]) ~~|
people total = SUM(people[Region!]) ~~|
jobs total = SUM(jobs[Region!]) ~~|
welfare = LN(1 + value added total / people total) + EXP(-1 * inequality) ~~|
inequality = ABS(income[city] - income[districts]) / (income[city] + income[districts]) ~~|

INITIAL TIME = 2008 ~~|
FINAL TIME = 2040 ~~|
TIME STEP = 0.0625 ~~|
SAVEPER = 1 ~~|
"""

OUTPUTS = (
    *(f"value added by industry[{industry}]" for industry in INDUSTRIES),
    *(f"{what}[{region}]" for what in ("value added", "people", "jobs") for region in REGIONS),
    "value added total",
    "people total",
    "jobs total",
    "welfare",
    "inequality",
)

UNCERTAIN = (
    "capital life",
    "forgetting",
    "learning rate",
    "research elasticity",
    "own weight",
    "distance",
    "research share",
    "research time",
    "knowledge elasticity",
    "capital elasticity",
    "price elasticity",
    "reference price",
    "world growth",
    "adjust",
    "expect",
    "quitting",
    "hire time",
    "wage response",
    "fertility",
    "base activity",
    "move rate",
    "policy year",
    "start[city]",
    "start[districts]",
    "focus[industry a,city]",
    "focus[industry b,city]",
    "focus[industry c,districts]",
    "initial capital[industry a,city]",
    "initial demand[industry a,city]",
    "initial demand[industry b,districts]",
)


def text() -> str:
    """The model as Vensim text."""
    return TEXT.format(
        industries=", ".join(INDUSTRIES),
        regions=", ".join(REGIONS),
        capital=_row(60.5, 3.5),
        focus=_row(0.75, 0.05),
        demand=_row(8.25, 0.5),
    )
