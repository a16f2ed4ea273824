"""A World3-class model, written for the benchmark: three blocks of the world that share one sky.

About 310 elements, 41 states, 51 lookup uses and 400 steps, all of them scalars as in World3
(so that no engine is slowed by arrays). The equations are ours and stand for nothing real.
"""

# ruff: noqa: E501 -- an equation stays on one line, as Vensim writes it
from __future__ import annotations

BLOCKS = ("north", "middle", "south")

# What differs between the blocks: people, capital and resources at the start.
START = {
    "north": {"people": 3.5e8, "capital": 1.6e11, "land": 4.0e8, "ore": 4.0e11},
    "middle": {"people": 5.5e8, "capital": 0.5e11, "land": 3.0e8, "ore": 3.0e11},
    "south": {"people": 8.0e8, "capital": 0.2e11, "land": 5.0e8, "ore": 5.0e11},
}

CURVES = """
life from food( (0,0.3),(1,1),(2,1.3),(3,1.4),(5,1.5) ) ~~|
life from care( (0,0.8),(20,1),(40,1.3),(60,1.5),(100,1.8) ) ~~|
life from haze( (0,1),(10,0.97),(30,0.9),(60,0.7),(100,0.4) ) ~~|
births from wealth( (0,1.25),(200,1),(400,0.85),(600,0.75),(1000,0.7) ) ~~|
births from life( (0,3),(20,2),(40,1.6),(60,1.3),(80,1.1) ) ~~|
care per person( (0,0),(250,20),(500,50),(1000,95),(2000,180) ) ~~|
service wanted( (0,40),(200,120),(400,300),(800,600),(1600,1000) ) ~~|
share to services( (0,0.3),(0.5,0.2),(1,0.1),(1.5,0.05),(2,0) ) ~~|
food wanted( (0,230),(200,480),(400,690),(800,850),(1600,970) ) ~~|
share to farming( (0,0.4),(0.5,0.2),(1,0.1),(1.5,0.025),(2,0) ) ~~|
yield from input( (0,1),(40,3),(120,4.5),(280,6.5),(600,8) ) ~~|
yield from haze( (0,1),(10,0.99),(30,0.85),(60,0.6),(100,0.3) ) ~~|
cost of clearing( (0,5),(0.25,2.5),(0.5,1.2),(0.75,0.6),(1,0.25) ) ~~|
share to mining( (0,1),(0.1,0.9),(0.3,0.5),(0.5,0.15),(0.7,0.06),(1,0.05) ) ~~|
ore per person( (0,0),(200,0.85),(400,2.6),(800,4.8),(1600,7) ) ~~|
work per capital( (0,0.6),(100,0.35),(400,0.15),(800,0.1),(1600,0.08) ) ~~|
use of capital( (0,1),(1,1),(1.5,0.9),(2,0.7),(4,0.3) ) ~~|
"""

BLOCK = """
@ children = INTEG(@ births - @ child deaths - @ growing up, {people} * 0.4) ~ person ~|
@ adults = INTEG(@ growing up - @ adult deaths - @ ageing, {people} * 0.5) ~ person ~|
@ elderly = INTEG(@ ageing - @ elderly deaths, {people} * 0.1) ~ person ~|
@ people = @ children + @ adults + @ elderly ~~|
@ births = @ adults * @ fertility * 0.5 / @ fertile years ~~|
@ fertile years = 30 ~~|
@ basic fertility = 5.5 ~~|
@ fertility = @ basic fertility * @ wealth effect on births * @ life effect on births / 1.6 ~~|
@ wealth effect on births = births from wealth(@ perceived output per person) ~~|
@ life effect on births = births from life(@ perceived life) ~~|
@ growing up = @ children * (1 - @ child mortality) / 15 ~~|
@ ageing = @ adults * (1 - @ adult mortality) / 45 ~~|
@ child deaths = @ children * @ child mortality ~~|
@ adult deaths = @ adults * @ adult mortality ~~|
@ elderly deaths = @ elderly * @ elderly mortality ~~|
@ deaths = @ child deaths + @ adult deaths + @ elderly deaths ~~|
@ child mortality = MIN(0.2, 0.9 / @ life expectancy ^ 1.1) ~~|
@ adult mortality = MIN(0.2, 0.35 / @ life expectancy) ~~|
@ elderly mortality = MIN(0.5, 2.4 / @ life expectancy) ~~|
@ normal life = 32 ~~|
@ life effect of food = life from food(@ food per person / subsistence food) ~~|
@ life effect of care = life from care(@ effective care) ~~|
@ life effect of haze = life from haze(haze index) ~~|
@ crowding = 1 - 0.1 * @ town share ~~|
@ town share = MIN(0.9, @ people / (@ people + town scale)) ~~|
@ life expectancy = @ normal life * @ life effect of food * @ life effect of care * @ life effect of haze * @ crowding ~~|
@ perceived life = SMOOTH(@ life expectancy, perception time) ~~|
@ care = care per person(@ services per person) ~~|
@ effective care = @ care * (1 - care lag) ~~|
@ capital = INTEG(@ investment - @ wear, {capital}) ~ dollar ~|
@ capital life = 14 ~~|
@ wear = @ capital / @ capital life ~~|
@ capital output ratio = 3 ~~|
@ output = @ capital * (1 - @ mining share) * @ capital use / @ capital output ratio ~~|
@ output per person = @ output / @ people ~~|
@ perceived output per person = SMOOTH(@ output per person, 5) ~~|
@ investment = @ output * @ investment share ~~|
@ investment share = MAX(0, 1 - @ farming share - @ service share - @ consumption share) ~~|
@ consumption share = IF THEN ELSE(Time >= calm year, 0.5, 0.43) ~~|
@ service capital = INTEG(@ service investment - @ service wear, {capital} * 0.6) ~ dollar ~|
@ service investment = @ output * @ service share ~~|
@ service life = 20 ~~|
@ service wear = @ service capital / @ service life ~~|
@ services = @ service capital * @ capital use ~~|
@ services per person = @ services / @ people ~~|
@ services wanted = service wanted(@ output per person) ~~|
@ service share = share to services(@ services per person / @ services wanted) ~~|
@ jobs per capital = work per capital(@ output per person) / 1000 ~~|
@ jobs = (@ capital + @ service capital) * @ jobs per capital + @ land * @ farm jobs per land ~~|
@ farm jobs per land = 0.3 ~~|
@ workers = @ adults * 0.75 ~~|
@ job pressure = SMOOTHI(@ jobs / @ workers, 2, 0.8) ~~|
@ capital use = use of capital(@ job pressure) ~~|
@ land = INTEG(@ clearing - @ erosion - @ building, {land}) ~ hectare ~|
@ wild land = INTEG(0 - @ clearing, {land} * 1.2) ~ hectare ~|
@ initial wild land = {land} * 1.2 ~~|
@ wild share = @ wild land / @ initial wild land ~~|
@ clearing cost = 1000 * cost of clearing(@ wild share) ~~|
@ farm money = @ output * @ farming share ~~|
@ clearing = MIN(@ wild land / 10, @ farm money * @ clearing fraction / @ clearing cost) ~~|
@ clearing fraction = 0.3 ~~|
@ erosion = @ land / @ land life ~~|
@ land life = 1000 / @ land wear ~~|
@ land wear = MAX(0.2, (@ yield / 600) ^ 0.5) ~~|
@ building = MAX(0, @ births - @ deaths) * @ town land per person ~~|
@ town land per person = 0.012 ~~|
@ farm input = SMOOTHI(@ farm money * (1 - @ clearing fraction), 2, {land} * 20.5) ~~|
@ input per land = @ farm input / @ land ~~|
@ virgin soil = 600 ~ kilogram/hectare ~|
@ soil loss = @ virgin soil * 0.02 * haze index / 10 ~~|
@ fertility of soil = MAX(@ virgin soil / 4, @ virgin soil - @ soil loss) ~~|
@ input effect on yield = yield from input(@ input per land) ~~|
@ haze effect on yield = yield from haze(haze index) ~~|
@ yield = @ fertility of soil * @ input effect on yield * @ haze effect on yield ~~|
@ food = @ yield * @ land * 0.7 * 0.9 ~~|
@ food per person = @ food / @ people + @ food bought ~~|
@ food bought = 0.02 * (mean food per person - @ food per person last year) ~~|
@ food per person last year = SMOOTHI(@ food per person, 1, 250.5) ~~|
@ food desired = food wanted(@ output per person) ~~|
@ farming share = share to farming(@ food per person / @ food desired) ~~|
@ ore = INTEG(0 - @ mining, {ore}) ~ tonne ~|
@ ore at start = {ore} ~~|
@ ore left = @ ore / @ ore at start ~~|
@ mining share = share to mining(@ ore left) ~~|
@ mining = @ people * @ ore use * (1 - @ recycling) ~~|
@ ore use = ore per person(@ output per person) ~~|
@ recycling = RAMP(0.002, calm year, calm year + 100) ~~|
@ haze from industry = @ mining * 0.02 * 10 ~~|
@ haze from farms = @ input per land * @ land * 0.001 ~~|
@ haze made = @ haze from industry + @ haze from farms ~~|
"""

SHARED = """
world people = north people + middle people + south people ~~|
world output = north output + middle output + south output ~~|
world food = north food + middle food + south food ~~|
world ore = north ore + middle ore + south ore ~~|
mean food per person = world food / world people ~~|
mean output per person = world output / world people ~~|
haze made = north haze made + middle haze made + south haze made ~~|
haze arriving = DELAY1(haze made, 20) ~~|
haze = INTEG(haze arriving - haze taken up, 2.5e7) ~ unit ~|
haze index = haze / 1.36e8 ~~|
haze life = 1.5 * (1 + haze index / 50) ~~|
haze taken up = haze / (1.4 * haze life) ~~|
subsistence food = 230 ~~|
perception time = 20 ~~|
care lag = 0.15 ~~|
town scale = 8e8 ~~|
calm year = 1995 ~~|
wellbeing = (mean food per person / subsistence food + LN(1 + mean output per person)) / (1 + haze index) ~~|
birth rate = 1000 * (north births + middle births + south births) / world people ~~|
death rate = 1000 * (north deaths + middle deaths + south deaths) / world people ~~|
"""

CONTROL = """
INITIAL TIME = 1900 ~~|
FINAL TIME = 2100 ~~|
TIME STEP = 0.5 ~~|
SAVEPER = 1 ~~|
"""

OUTPUTS = (
    "world people",
    "world output",
    "world food",
    "world ore",
    "haze index",
    "wellbeing",
    "birth rate",
    "death rate",
    *(f"{block} {what}" for block in BLOCKS for what in ("people", "output", "life expectancy")),
)[:15]

UNCERTAIN = (
    "subsistence food",
    "perception time",
    "care lag",
    "town scale",
    "calm year",
    *(
        f"{block} {what}"
        for block in BLOCKS
        for what in ("normal life", "capital life", "basic fertility")
    ),
)


def text() -> str:
    """The model as Vensim text."""
    blocks = "".join(BLOCK.replace("@", block).format(**START[block]) for block in BLOCKS)
    return "{UTF-8}\n" + CURVES + blocks + SHARED + CONTROL
