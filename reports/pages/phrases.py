"""The wording of the page's sentences: each rule in English and in Norwegian bokmål.

Both languages use the same values (a test holds that).
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.labels import Language
from reports.pages.findings import Finding, Item, Name, Quantity, Value
from reports.pages.speaker import Speaker, input_name

Words = Mapping[Language, str]

PHRASES: Mapping[str, Words] = {
    "most": {
        "en": "{favourite} gives most: {gain} more value added in {year} than with {baseline}. It "
        "gives more than that in {sure} of {worlds} possible worlds, and is the best of "
        "{programmes} programmes in {best} of them.",
        "nb": "{favourite} gir mest: {gain} mer i verdiskaping i {year} enn med {baseline}. Det "
        "gir mer enn dette i {sure} av {worlds} mulige verdener, og er best av {programmes} "
        "programmer i {best} av dem.",
    },
    "most_one": {
        "en": "{favourite} gives {gain} more value added in {year} than {baseline}; it gives more "
        "in {sure} of {worlds} possible worlds.",
        "nb": "{favourite} gir {gain} mer i verdiskaping i {year} enn {baseline}; det gir mer i "
        "{sure} av {worlds} mulige verdener.",
    },
    "when": {
        "en": "It takes time: {items}. Half of the gain in {year} is there by {half}.",
        "nb": "Det tar tid: {items}. Halvparten av gevinsten i {year} er nådd i {half}.",
    },
    "when_only": {
        "en": "Over time, until {year}, {favourite} gives: {items}.",
        "nb": "Over tid, fram til {year}, gir {favourite}: {items}.",
    },
    "who": {
        "en": "In {year} it means {jobs}, and in value added: {items}.",
        "nb": "I {year} betyr det {jobs}, og i verdiskaping: {items}.",
    },
    "who_same": {
        "en": "In {year} it means {jobs}, and in value added: {items}. No other programme "
        "gives the districts more.",
        "nb": "I {year} betyr det {jobs}, og i verdiskaping: {items}. Ingen av de andre "
        "programmene gir distriktene mer.",
    },
    "who_other": {
        "en": "In {year} it means {jobs}, and in value added: {items}. The districts get "
        "most with {best}: {districts}.",
        "nb": "I {year} betyr det {jobs}, og i verdiskaping: {items}. Distriktene får mest "
        "med {best}: {districts}.",
    },
    "cost": {
        "en": "It costs {yearly} a year more. From {start} to {year} each krone gives {krone} "
        "kroner of value added, and more than itself in {pays} of the worlds; a year of work "
        "costs {job}.",
        "nb": "Det koster {yearly} mer per år. Fra {start} til {year} gir hver krone {krone} "
        "kroner i verdiskaping, og mer enn seg selv i {pays} av verdenene; et årsverk koster "
        "{job}.",
    },
    "cost_open": {
        "en": "It costs {yearly} a year more. From {start} to {year} each krone gives {krone} "
        "kroner of value added, and more than itself in {pays} of the worlds; a year of work "
        "costs {job}, and in some worlds there is no more work at all.",
        "nb": "Det koster {yearly} mer per år. Fra {start} til {year} gir hver krone {krone} "
        "kroner i verdiskaping, og mer enn seg selv i {pays} av verdenene; et årsverk koster "
        "{job}, og i noen verdener blir det ikke flere i arbeid.",
    },
    "cost_no_job": {
        "en": "It costs {yearly} a year more. From {start} to {year} each krone gives {krone} "
        "kroner of value added, and more than itself in {pays} of the worlds; it gives no more "
        "work.",
        "nb": "Det koster {yearly} mer per år. Fra {start} til {year} gir hver krone {krone} "
        "kroner i verdiskaping, og mer enn seg selv i {pays} av verdenene; det gir ikke flere i "
        "arbeid.",
    },
    "fails_several": {
        "en": "In {fails} of the worlds {favourite} gives less than three quarters of what the "
        "best programme gives there; no simple condition on one or two of {tried} uncertain inputs "
        "was found that tells these worlds from the others.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn tre firedeler av det det beste "
        "programmet gir der; vi fant ingen enkel betingelse på én eller to av {tried} usikre "
        "forutsetninger som skiller disse verdenene fra de andre.",
    },
    "fails_several_where": {
        "en": "In {fails} of the worlds {favourite} gives less than three quarters of what the "
        "best programme gives there. It happens more often, in {inside} of the worlds, where "
        "{items}.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn tre firedeler av det det beste "
        "programmet gir der. Det skjer oftere, i {inside} av verdenene, der {items}.",
    },
    "fails_alone": {
        "en": "In {fails} of the worlds {favourite} gives less than it costs; no simple condition "
        "on one or two of {tried} uncertain inputs was found that tells these worlds from the "
        "others.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn det koster; vi fant ingen enkel "
        "betingelse på én eller to av {tried} usikre forutsetninger som skiller disse verdenene "
        "fra de andre.",
    },
    "fails_alone_where": {
        "en": "In {fails} of the worlds {favourite} gives less than it costs. It happens more "
        "often, in {inside} of the worlds, where {items}.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn det koster. Det skjer oftere, i "
        "{inside} av verdenene, der {items}.",
    },
    "first": {
        "en": "The largest part in {year} comes from the change in {group}: {part} of {whole}, in "
        "the model's central world.",
        "nb": "Den største delen i {year} kommer av endringen i {group}: {part} av {whole}, i "
        "modellens sentrale verden.",
    },
    "first_research": {
        "en": "The largest part in {year} comes from the change in {group}: {part} of {whole}, in "
        "the model's central world. To find out first: “{input}”; where it is "
        "high rather than low, the gain is {swing} larger.",
        "nb": "Den største delen i {year} kommer av endringen i {group}: {part} av {whole}, i "
        "modellens sentrale verden. Bør undersøkes først: «{input}»; er verdien høy og ikke lav, "
        "er gevinsten {swing} større.",
    },
    "first_research_low": {
        "en": "The largest part in {year} comes from the change in {group}: {part} of {whole}, in "
        "the model's central world. To find out first: “{input}”; where it is "
        "low rather than high, the gain is {swing} larger.",
        "nb": "Den største delen i {year} kommer av endringen i {group}: {part} av {whole}, i "
        "modellens sentrale verden. Bør undersøkes først: «{input}»; er verdien lav og ikke høy, "
        "er gevinsten {swing} større.",
    },
    "goals": {
        "en": "Of the strategy's {all} goals {measured} can be measured here. With {favourite}, "
        "{safe} of these are reached in at least nine of ten worlds. Least sure is “{least}”: "
        "{share}, against {share_baseline} with {baseline}.",
        "nb": "Av strategiens {all} mål kan {measured} måles her. Med {favourite} nås {safe} av "
        "disse i minst ni av ti verdener. Minst sikkert er «{least}»: {share}, mot "
        "{share_baseline} med {baseline}.",
    },
    "goals_none": {
        "en": "Of the strategy's {all} goals {measured} can be measured with what this run of "
        "{favourite} kept.",
        "nb": "Av strategiens {all} mål kan {measured} måles med det denne kjøringen av "
        "{favourite} tok vare på.",
    },
    "balance": {
        "en": "The districts' share of value added in {year} is higher than with {baseline} most "
        "surely with {best} ({share} of the worlds), and least with {worst} ({worst_share}).",
        "nb": "Distriktenes andel av verdiskapingen i {year} blir høyere enn med {baseline} "
        "sikrest med {best} ({share} av verdenene), og minst sikkert med {worst} ({worst_share}).",
    },
    "balance_one": {
        "en": "The districts' share of value added in {year} is higher with {best} than with "
        "{baseline} in {share} of the worlds.",
        "nb": "Distriktenes andel av verdiskapingen i {year} er høyere med {best} enn med "
        "{baseline} i {share} av verdenene.",
    },
}
UNITS: Mapping[str, Words] = {
    "money": {"en": "NOK {} million", "nb": "{} mill. kroner"},
    "price": {"en": "NOK {} million", "nb": "{} mill. kroner"},
    "jobs": {"en": "{} more jobs", "nb": "{} flere sysselsatte"},
    "krone": {"en": "{}", "nb": "{}"},
}
INTERVAL: Words = {"en": " (90% interval {})", "nb": " (90\u202f%-intervall {})"}
OPEN: Words = {"en": " (90% interval from {})", "nb": " (90\u202f%-intervall fra {})"}
IN: Words = {"en": "in", "nb": "i"}
SHORT: Words = {"en": " ({})", "nb": " ({})"}
EDGE: Mapping[bool, Words] = {
    True: {"en": "“{input}” is among the {share} highest values",
           "nb": "«{input}» er blant de {share} høyeste verdiene"},
    False: {"en": "“{input}” is among the {share} lowest values",
            "nb": "«{input}» er blant de {share} laveste verdiene"},
}  # fmt: skip


def written(finding: Finding, speaker: Speaker) -> str:
    """The sentence in the speaker's language."""
    words = {name: _word(value, speaker) for name, value in finding.values.items()}
    line = PHRASES[finding.rule][speaker.language].format(**words)
    return line[:1].upper() + line[1:]


def _word(value: Value, speaker: Speaker) -> str:
    match value:
        case Quantity():
            return quantity(value, speaker)
        case Name():
            return _name(value, speaker)
        case _:
            return speaker.listed([_item(item, speaker, at > 0) for at, item in enumerate(value)])


def quantity(value: Quantity, speaker: Speaker, *, short: bool = False) -> str:
    """A number with unit and interval; `short` where an interval before it said what it is."""
    language = speaker.language
    if value.kind == "year":
        return str(int(value.value))
    if value.kind == "count":
        return speaker.number(value.value)
    if value.kind == "share":
        return speaker.share(value.value)
    if value.kind == "jobs":  # no part of a person
        value = value.whole()
    words = UNITS[value.kind][language].format(speaker.rough(value.value))
    if value.low is None:
        return words
    if value.high is None:
        return words + OPEN[language].format(speaker.rough(value.low))
    pattern = SHORT if short else INTERVAL
    return words + pattern[language].format(speaker.interval(value.low, value.high))


def _name(name: Name, speaker: Speaker) -> str:
    labels = speaker.labels
    match name.kind:
        case "scenario":
            return labels.quoted(name.id)
        case "region":
            return labels.inside("region", name.id)
        case "goal":
            return labels.words["goal", name.id]
        case "input":
            return input_name(name.id, {}, speaker)
        case _:
            words = speaker.group(name.id)
            return words[:1].lower() + words[1:]


def _item(item: Item, speaker: Speaker, short: bool) -> str:
    if isinstance(item.of, Name) and item.of.kind == "input":
        share = quantity(item.quantity, speaker)
        words = _name(item.of, speaker)
        return EDGE[item.above][speaker.language].format(input=words, share=share)
    where = str(item.of) if isinstance(item.of, int) else _name(item.of, speaker)
    return f"{quantity(item.quantity, speaker, short=short)} {IN[speaker.language]} {where}"
