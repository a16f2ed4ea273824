"""The book's own words in English and Norwegian bokmål; the model's text is in English."""

from __future__ import annotations

from reports.labels import Language

WORDS: dict[str, dict[Language, str]] = {
    "title": {
        "en": "The equation book of the Trøndelag model",
        "nb": "Likningsboken til Trøndelagsmodellen",
    },
    "intro": {
        "en": "Every variable of the model, with what it is, its unit, its equation as the chapter "
        "has it, where its numbers come from, what it reads and what reads it. Made from the "
        "model's text by “trondelag docs”; nothing here is written by hand.",
        "nb": "Hver variabel i modellen: hva den er, enheten, likningen slik den står i kapitlet, "
        "hvor tallene kommer fra, hva den leser og hva som leser den. Laget fra modellens tekst "
        "med «trondelag docs»; ingenting er skrevet for hånd. Modellens egen tekst er på engelsk.",
    },
    "counts": {
        "en": "{variables} variables in {chapters} chapters: {stocks} stocks, {constants} "
        "constants, {data} data series. Model {hash}.",
        "nb": "{variables} variabler i {chapters} kapitler: {stocks} beholdninger, {constants} "
        "konstanter, {data} dataserier. Modell {hash}.",
    },
    "counted_variables": {"en": "variables", "nb": "variabler"},
    "counted_stocks": {"en": "stocks", "nb": "beholdninger"},
    "counted_constants": {"en": "constants", "nb": "konstanter"},
    "counted_assumptions": {"en": "of them assumed", "nb": "av dem antatt"},
    "counted_loops": {"en": "loops with a switch", "nb": "sløyfer med bryter"},
    "contents": {"en": "Contents", "nb": "Innhold"},
    "chapter": {"en": "Chapter", "nb": "Kapittel"},
    "file": {"en": "File", "nb": "Fil"},
    "variable": {"en": "variable", "nb": "variabel"},
    "kind": {"en": "kind", "nb": "type"},
    "stock": {"en": "stock", "nb": "beholdning"},
    "flow": {"en": "flow", "nb": "strøm"},
    "auxiliary": {"en": "auxiliary", "nb": "hjelpevariabel"},
    "delayed": {"en": "auxiliary with a delay", "nb": "hjelpevariabel med forsinkelse"},
    "constant": {"en": "constant", "nb": "konstant"},
    "lookup": {"en": "lookup", "nb": "tabellfunksjon"},
    "data": {"en": "data series", "nb": "dataserie"},
    "control": {"en": "time bound or step", "nb": "tidsgrense eller steg"},
    "unit": {"en": "unit", "nb": "enhet"},
    "over": {"en": "over", "nb": "over"},
    "value": {"en": "value", "nb": "verdi"},
    "range": {"en": "range", "nb": "spenn"},
    "source": {"en": "source", "nb": "kilde"},
    "assumption": {"en": "assumption", "nb": "antakelse"},
    "grade": {"en": "grade", "nb": "grad"},
    "lever": {"en": "set by scenarios as", "nb": "settes av scenarioer som"},
    "reads": {"en": "reads", "nb": "leser"},
    "starts": {"en": "starts from", "nb": "starter fra"},
    "read_by": {"en": "read by", "nb": "leses av"},
    "place": {"en": "place", "nb": "sted"},
    "diagram": {
        "en": "{title}: stocks (boxes), flows (pipes with valves) and what moves each flow. Bold: "
        "stocks; orange: levers and the outside world; ‹grey›: other chapters. Clouds lie "
        "outside the chapter. Constants are left out.",
        "nb": "{title}: beholdninger (bokser), strømmer (rør med ventiler) og det som styrer hver "
        "strøm. Fet: beholdninger; oransje: virkemidler og omverden; ‹grått›: andre kapitler. "
        "Skyer ligger utenfor kapitlet. Konstanter er utelatt.",
    },
    "unnamed": {"en": "rate as in its equation", "nb": "rate som i likningen"},
    "tallies": {
        "en": "Not drawn, since they only count what flows: {names}.",
        "nb": "Ikke tegnet, siden de bare teller det som strømmer: {names}.",
    },
    "causes": {"en": "What moves what", "nb": "Hva som styrer hva"},
    "moved_by": {"en": "moved by", "nb": "styres av"},
    "equations": {"en": "Variables", "nb": "Variabler"},
    "none": {"en": "–", "nb": "–"},
    "nothing": {"en": "nothing", "nb": "ingenting"},
    "ranges": {"en": "Subscript ranges", "nb": "Indekser"},
    "elements": {"en": "elements", "nb": "elementer"},
    "constants": {"en": "All constants", "nb": "Alle konstanter"},
    "constants_intro": {
        "en": "What is written as a number, with its range and evidence. Grades: A official "
        "statistic read, B report, C derived, D judgement with a wide range.",
        "nb": "Det som er skrevet som tall, med spenn og belegg. Grader: A offisiell statistikk, "
        "B rapport, C avledet, D skjønn med vidt spenn.",
    },
    "by_grade": {"en": "Constants by grade", "nb": "Konstanter etter grad"},
    "count": {"en": "number", "nb": "antall"},
    "share": {"en": "share", "nb": "andel"},
    "with_source": {"en": "with a source", "nb": "med kilde"},
    "with_assumption": {"en": "assumed", "nb": "antatt"},
    "with_range": {"en": "with a range", "nb": "med spenn"},
    "total": {"en": "all", "nb": "alle"},
    "ungraded": {"en": "none", "nb": "ingen"},
    "assumptions": {"en": "Assumptions, widest first", "nb": "Antakelser, de videste først"},
    "assumptions_intro": {
        "en": "{count} constants rest on an assumption. Those whose range has a width come here, "
        "by the width of the range relative to the value; conversions and switches have none.",
        "nb": "{count} konstanter bygger på en antakelse. Her er de som har et spenn, etter "
        "bredden av spennet i forhold til verdien; omregninger og brytere har ikke noe spenn.",
    },
    "width": {"en": "width / value", "nb": "bredde / verdi"},
    "units": {"en": "Units", "nb": "Enheter"},
    "loops": {"en": "Loops that can be cut", "nb": "Sløyfer som kan brytes"},
    "loops_intro": {
        "en": "Each loop has a switch: 1 = on, 0 = cut.",
        "nb": "Hver sløyfe har en bryter: 1 = på, 0 = brutt.",
    },
    "cuts": {"en": "acts in", "nb": "virker i"},
    "levers": {"en": "Levers and the outside world", "nb": "Virkemidler og omverden"},
    "default": {"en": "default", "nb": "utgangspunkt"},
    "owner": {"en": "decided by", "nb": "bestemmes av"},
    "outside": {"en": "the outside world", "nb": "omverdenen"},
    "sources": {"en": "Sources", "nb": "Kilder"},
    "publisher": {"en": "publisher", "nb": "utgiver"},
    "year": {"en": "year", "nb": "år"},
    "used_by": {"en": "used by", "nb": "brukt av"},
    "strategy": {
        "en": "From the strategy's sentences to outcomes",
        "nb": "Fra strategiens setninger til resultater",
    },
    "strategy_intro": {
        "en": "What the strategy says, in our own short words, with the levers that can be pulled, "
        "the chapters and variables through which they work, and the outcomes that show it.",
        "nb": "Det strategien sier, i våre egne korte ord, med virkemidlene som kan brukes, "
        "kapitlene og variablene de virker gjennom, og resultatene som viser det.",
    },
    "sentence": {"en": "the strategy says", "nb": "strategien sier"},
    "cells": {"en": "levers and effort cells", "nb": "virkemidler og innsatsceller"},
    "all_tools": {"en": "all tools", "nb": "alle virkemidler"},
    "all_areas": {"en": "all areas", "nb": "alle områder"},
    "mechanism": {"en": "how it works in the model", "nb": "slik virker det i modellen"},
    "outcomes": {"en": "outcomes", "nb": "resultater"},
    "chapters": {"en": "chapters", "nb": "kapitler"},
    "variables": {"en": "variables", "nb": "variabler"},
    "unused": {
        "en": "Effort cells that no area strategy names",
        "nb": "Innsatsceller som ingen områdestrategi nevner",
    },
    "checklist": {
        "en": "Reporting checklist (Rahmandad and Sterman 2012)",
        "nb": "Sjekkliste for rapportering (Rahmandad og Sterman 2012)",
    },
    "checklist_intro": {
        "en": "The guidelines of H. Rahmandad and J. D. Sterman, System Dynamics Review 28(4), "
        "answered from the repository's own contents at the time of printing.",
        "nb": "Retningslinjene til H. Rahmandad og J. D. Sterman, System Dynamics Review 28(4), "
        "besvart ut fra innholdet i repositoriet da boken ble laget; svarene er på engelsk.",
    },
    "model": {"en": "model", "nb": "modell"},
    "experiment": {"en": "runs", "nb": "kjøringer"},
    "optimisation": {"en": "optimisation", "nb": "optimering"},
    "minimum": {"en": "minimum", "nb": "minimum"},
    "preferred": {"en": "preferred", "nb": "ønskelig"},
    "concerns": {"en": "of", "nb": "av"},
    "asked": {"en": "asked for", "nb": "det som kreves"},
    "level": {"en": "level", "nb": "nivå"},
    "answer": {"en": "met", "nb": "oppfylt"},
    "where": {"en": "where, and the facts", "nb": "hvor, og fakta"},
    "yes": {"en": "yes", "nb": "ja"},
    "no": {"en": "no", "nb": "nei"},
    "partly": {"en": "partly", "nb": "delvis"},
    "na": {"en": "not applicable", "nb": "ikke aktuelt"},
    "commands": {"en": "Commands", "nb": "Kommandoer"},
    "commands_intro": {
        "en": "Every verb of “trondelag”. All of them take --help, --json and --lang en|nb.",
        "nb": "Alle verb i «trondelag». Alle tar --help, --json og --lang en|nb.",
    },
    "argument": {"en": "argument", "nb": "argument"},
    "meaning": {"en": "meaning", "nb": "betydning"},
}


def say(key: str, language: Language, **values: object) -> str:
    """The words for a key."""
    words = WORDS[key][language]
    return words.format(**values) if values else words
