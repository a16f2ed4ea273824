"""The wording of the page's sentences: each rule in English and in Norwegian bokmål.

Both languages use the same values (a test holds that).
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.labels import Language
from reports.pages.finding import Finding, Item, Name, Quantity, Value
from reports.pages.speaker import TO, Speaker, input_name
from sim.check import wall

Words = Mapping[Language, str]

PHRASES: Mapping[str, Words] = {
    "most": {
        "en": "{favourite} gives most: value added in {year} is {gain} higher than with "
        "{baseline}. There is a gain in {sure} of {worlds} possible worlds, and in {best} of them "
        "no other of {programmes} programmes gives more.",
        "nb": "{favourite} gir mest: verdiskapingen i {year} blir {gain} høyere enn med "
        "{baseline}. Det er gevinst i {sure} av {worlds} mulige verdener, og i {best} av dem gir "
        "ingen andre av de {programmes} programmene mer.",
    },
    "most_one": {
        "en": "With {favourite}, value added in {year} is {gain} higher than with {baseline}. "
        "There is a gain in {sure} of {worlds} possible worlds.",
        "nb": "Med {favourite} blir verdiskapingen i {year} {gain} høyere enn med {baseline}. "
        "Det er gevinst i {sure} av {worlds} mulige verdener.",
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
        "en": "In {year} it means {jobs}, and in value added: {items}. No other programme gives "
        "the districts more.",
        "nb": "I {year} betyr det {jobs}, og i verdiskaping: {items}. Ingen av de andre "
        "programmene gir distriktene mer.",
    },
    "who_other": {
        "en": "In {year} it means {jobs}, and in value added: {items}. The districts get most "
        "with {best}: {districts}.",
        "nb": "I {year} betyr det {jobs}, og i verdiskaping: {items}. Distriktene får mest med "
        "{best}: {districts}.",
    },
    "cost": {
        "en": "{favourite} costs {yearly} a year more than {baseline}. From {start} to {year} "
        "each krone gives {krone}, and more than itself in {pays} of the worlds. A year of work "
        "costs {job}: NOK 100 million gives {work}.",
        "nb": "{favourite} koster {yearly} mer per år enn {baseline}. Fra {start} til {year} gir "
        "hver krone {krone}, og mer enn seg selv i {pays} av verdenene. Et årsverk koster {job}: "
        "100 mill. kroner gir {work}.",
    },
    "cost_no_job": {
        "en": "{favourite} costs {yearly} a year more than {baseline}. From {start} to {year} "
        "each krone gives {krone}, and more than itself in {pays} of the worlds. NOK 100 million "
        "gives {work}: no more work.",
        "nb": "{favourite} koster {yearly} mer per år enn {baseline}. Fra {start} til {year} gir "
        "hver krone {krone}, og mer enn seg selv i {pays} av verdenene. 100 mill. kroner gir "
        "{work}: det blir ikke flere i arbeid.",
    },
    "fails_several": {
        "en": "In {fails} of the worlds {favourite} gives less than three quarters of what the "
        "best programme gives there; no simple condition on one or two of the {tried} uncertain "
        "inputs was found that tells these worlds from the others.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn tre firedeler av det det beste "
        "programmet gir der; vi fant ingen enkel betingelse på én eller to av de {tried} usikre "
        "forutsetningene som skiller disse verdenene fra de andre.",
    },
    "fails_several_where": {
        "en": "In {fails} of the worlds {favourite} gives less than three quarters of what the "
        "best programme gives there. It happens more often, in {inside} of the worlds, where "
        "{items}; {holds} of these failures lie there.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn tre firedeler av det det beste "
        "programmet gir der. Det skjer oftere, i {inside} av verdenene, der {items}; {holds} av "
        "tilfellene ligger der.",
    },
    "fails_alone": {
        "en": "In {fails} of the worlds {favourite} gives less than it costs; no simple "
        "condition on one or two of the {tried} uncertain inputs was found that tells these "
        "worlds from the others.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn det koster; vi fant ingen enkel "
        "betingelse på én eller to av de {tried} usikre forutsetningene som skiller disse "
        "verdenene fra de andre.",
    },
    "fails_alone_where": {
        "en": "In {fails} of the worlds {favourite} gives less than it costs. It happens more "
        "often, in {inside} of the worlds, where {items}; {holds} of these failures lie there.",
        "nb": "I {fails} av verdenene gir {favourite} mindre enn det koster. Det skjer oftere, i "
        "{inside} av verdenene, der {items}; {holds} av tilfellene ligger der.",
    },
    "first": {
        "en": "The largest part of the gain in {year} comes from the change in {group}: {part} "
        "of {whole}, in the model's central world.",
        "nb": "Den største delen av gevinsten i {year} kommer av endringen i {group}: {part} av "
        "{whole}, i modellens sentrale verden.",
    },
    "first_research": {
        "en": "The largest part of the gain in {year} comes from the change in {group}: {part} "
        "of {whole}, in the model's central world. To find out first: “{input}”; a high rather "
        "than a low value makes the gain {swing} larger.",
        "nb": "Den største delen av gevinsten i {year} kommer av endringen i {group}: {part} av "
        "{whole}, i modellens sentrale verden. Bør undersøkes først: «{input}»; en høy i stedet "
        "for en lav verdi gjør gevinsten {swing} større.",
    },
    "first_research_low": {
        "en": "The largest part of the gain in {year} comes from the change in {group}: {part} "
        "of {whole}, in the model's central world. To find out first: “{input}”; a low rather "
        "than a high value makes the gain {swing} larger.",
        "nb": "Den største delen av gevinsten i {year} kommer av endringen i {group}: {part} av "
        "{whole}, i modellens sentrale verden. Bør undersøkes først: «{input}»; en lav i stedet "
        "for en høy verdi gjør gevinsten {swing} større.",
    },
    "hangs": {
        "en": "How large the gain of {favourite} gets by {year} hangs most on {items}: the share "
        "of the spread that each has a part in. The other {others} inputs together have a part in "
        "{rest}. Inputs also work together, so the shares add up to more than the whole.",
        "nb": "Hvor stor gevinsten av {favourite} blir i {year}, avhenger mest av {items}: "
        "andelen av spredningen hver av dem har del i. De andre {others} forutsetningene har til "
        "sammen del i {rest}. Forutsetninger virker også sammen, så andelene summerer seg til mer "
        "enn det hele.",
    },
    "binding": {
        "en": "What holds back in {year} with {baseline}: {items}.",
        "nb": "Dette begrenser i {year} med {baseline}: {items}.",
    },
    "binding_new": {
        "en": "What holds back in {year} with {baseline}: {items}. Most on the rise is "
        "“{newest}”: from {before} of the worlds in {start} to {now}.",
        "nb": "Dette begrenser i {year} med {baseline}: {items}. Mest økende er «{newest}»: fra "
        "{before} av verdenene i {start} til {now}.",
    },
    "goals": {
        "en": "{measured} of the strategy's {all} goals can be measured here. With {favourite}, "
        "{safe} of them are reached in at least nine of ten worlds, and {lost} in at most one of "
        "ten.",
        "nb": "{measured} av strategiens {all} mål kan måles her. Med {favourite} nås {safe} av "
        "dem i minst ni av ti verdener, og {lost} i høyst én av ti.",
    },
    "goals_helped": {
        "en": "{measured} of the strategy's {all} goals can be measured here. With {favourite}, "
        "{safe} of them are reached in at least nine of ten worlds, and {lost} in at most one of "
        "ten. The programme helps most with “{most}”: reached in {share} of the worlds, against "
        "{share_baseline} with {baseline}.",
        "nb": "{measured} av strategiens {all} mål kan måles her. Med {favourite} nås {safe} av "
        "dem i minst ni av ti verdener, og {lost} i høyst én av ti. Programmet hjelper mest på "
        "«{most}»: målet nås i {share} av verdenene, mot {share_baseline} med {baseline}.",
    },
    "goals_none": {
        "en": "Of the strategy's {all} goals {measured} can be measured with what this run of "
        "{favourite} kept.",
        "nb": "Av strategiens {all} mål kan {measured} måles med det denne kjøringen av "
        "{favourite} tok vare på.",
    },
    "balance": {
        "en": "The districts' share of value added rises most surely with {best}: in {year} it "
        "is higher than with {baseline} in {share} of the worlds. It is least sure with {worst}: "
        "{worst_share}.",
        "nb": "Distriktenes andel av verdiskapingen øker sikrest med {best}: i {year} er den "
        "høyere enn med {baseline} i {share} av verdenene. Minst sikkert er det med {worst}: "
        "{worst_share}.",
    },
    "balance_one": {
        "en": "The districts' share of value added in {year} is higher with {best} than with "
        "{baseline} in {share} of the worlds.",
        "nb": "Distriktenes andel av verdiskapingen i {year} er høyere med {best} enn med "
        "{baseline} i {share} av verdenene.",
    },
    "checked": {
        "en": "The model is held to {checks} checks in {suites} groups (units, balances, extreme "
        "conditions, behaviour, step of time): {failed} failed.",
        "nb": "Modellen prøves mot {checks} kontroller i {suites} grupper (enheter, balanser, "
        "yttertilfeller, atferd, tidssteg): {failed} feilet.",
    },
    "checked_failed": {
        "en": "The model is held to {checks} checks in {suites} groups (units, balances, extreme "
        "conditions, behaviour, step of time): {failed} failed, {items}.",
        "nb": "Modellen prøves mot {checks} kontroller i {suites} grupper (enheter, balanser, "
        "yttertilfeller, atferd, tidssteg): {failed} feilet, {items}.",
    },
    "forecast": {
        "en": "The fit saw figures until {until} only. It forecasts the later ones of {met} of "
        "{compared} headline series at least as well as the better of two forecasts without a "
        "model (last value, trend line), and of {beaten} of {trended} at least as well as a trend "
        "line.",
        "nb": "Tilpasningen har bare sett tall til og med {until}. Den treffer de senere tallene "
        "for {met} av {compared} hovedserier minst like godt som den beste av to framskrivinger "
        "uten modell (siste verdi, trendlinje), og for {beaten} av {trended} minst like godt som "
        "en trendlinje.",
    },
    "forecast_worse": {
        "en": "The fit saw figures until {until} only. It forecasts the later ones of {met} of "
        "{compared} headline series at least as well as the better of two forecasts without a "
        "model (last value, trend line), and of {beaten} of {trended} at least as well as a trend "
        "line. Worse than the better of the two, and by how many times the error: {items}.",
        "nb": "Tilpasningen har bare sett tall til og med {until}. Den treffer de senere tallene "
        "for {met} av {compared} hovedserier minst like godt som den beste av to framskrivinger "
        "uten modell (siste verdi, trendlinje), og for {beaten} av {trended} minst like godt som "
        "en trendlinje. Dårligere enn den beste av de to, og hvor mange ganger så stor feilen er: "
        "{items}.",
    },
    "covered": {
        "en": "Of {count} figures that the fit was not shown, {half} lie in its 50% interval and "
        "{most} in its 90% interval (of the model alone, without remembered errors: {half_model} "
        "and {most_model}).",
        "nb": "Av {count} tall som tilpasningen ikke fikk se, ligger {half} i "
        "50\u202f%-intervallet og {most} i 90\u202f%-intervallet (for modellen alene, uten "
        "tidligere avvik: {half_model} og {most_model}).",
    },
    "assumed": {
        "en": "Of the model's {every} constants {assumed} are assumptions without a source, and "
        "{judged} are graded as judgement (grade D).",
        "nb": "Av modellens {every} konstanter er {assumed} antakelser uten kilde, og {judged} "
        "har graden skjønn (D).",
    },
}
UNITS: Mapping[str, Words] = {
    "money": {"en": "NOK {} million", "nb": "{} mill. kroner"},
    "price": {"en": "NOK {} million", "nb": "{} mill. kroner"},
    "jobs": {"en": "{} more jobs", "nb": "{} flere sysselsatte"},
    "krone": {"en": "{} kroner of value added", "nb": "{} kroner i verdiskaping"},
    "work": {"en": "{} years of work", "nb": "{} årsverk"},
    "times": {"en": "{}", "nb": "{}"},
}
INTERVAL: Words = {"en": " (90% interval {})", "nb": " (90\u202f%-intervall {})"}
IN: Words = {"en": "in", "nb": "i"}
SHORT: Words = {"en": " ({})", "nb": " ({})"}
EDGE: Mapping[bool, Words] = {
    True: {"en": "“{input}” is among the {share} highest values",
           "nb": "«{input}» er blant de {share} høyeste verdiene"},
    False: {"en": "“{input}” is among the {share} lowest values",
            "nb": "«{input}» er blant de {share} laveste verdiene"},
}  # fmt: skip


ASIDE = {"suite", "variable"}  # names whose number stands behind them, in brackets


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
        words = speaker.share(value.value)
        if value.low is None or value.high is None:
            return words
        ends = (speaker.number(100 * each) for each in (value.low, value.high))
        pattern = SHORT if short else INTERVAL
        return words + pattern[language].format(f" {TO[language]} ".join(ends))
    if value.kind in {"jobs", "work"}:  # no part of a person
        value = value.whole()
    words = UNITS[value.kind][language].format(speaker.rough(value.value))
    if value.low is None or value.high is None:
        return words
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
        case "cause":
            return speaker.cause(name.id)
        case "limit":
            return speaker.limit(name.id)
        case "suite":
            return wall.NAMES.get(speaker.language, {}).get(name.id, name.id)
        case "variable":
            return lowered(labels.of("variable", name.id))
        case _:
            return lowered(speaker.group(name.id))


def lowered(words: str) -> str:
    """As it stands inside a sentence."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _item(item: Item, speaker: Speaker, short: bool) -> str:
    told = quantity(item.quantity, speaker, short=short)
    if isinstance(item.of, int):
        return f"{told} {IN[speaker.language]} {item.of}"
    words = _name(item.of, speaker)
    if item.of.kind == "input":
        return EDGE[item.above][speaker.language].format(input=words, share=told)
    if item.of.kind == "limit":
        quoted = speaker.pick(f"“{words}”", f"«{words}»")
        return speaker.pick(
            f"{quoted} (in {told} of the worlds)", f"{quoted} (i {told} av verdenene)"
        )
    if item.of.kind == "cause":
        return f"{words} – {told}"
    if item.of.kind in ASIDE:
        return f"{words} ({told})"
    return f"{told} {IN[speaker.language]} {words}"
