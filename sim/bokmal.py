"""Problems in Norwegian bokmål: the sentences that a planner meets, one pattern each.

A problem is made in English, where the fault is seen. Here its sentence and its hint are matched
against patterns such as `unknown lever '{x}'` and said again with the same names and numbers.
What has no pattern (mostly other people's models) stays English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from sim.errors import Problem

PROBLEMS = "{n} feil i det du oppga; ingenting er skrevet:"
STOPPED = "stoppet; det som er gjort, er tatt vare på:"
INTERRUPTED = "avbrutt; start samme kommando igjen for å gå videre"

# {x}, {y}, {z} any words; {n}, {m}, {k} numbers, with a decimal comma; {what} a kind of thing.
SENTENCES = {
    # the file
    "there is no such file": "filen finnes ikke",
    "is no regular file": "er ingen vanlig fil",
    "is a symbolic link; name the file itself": "er en symbolsk lenke; oppgi selve filen",
    "cannot be read: {x}": "kan ikke leses: {x}",
    "is larger than {n} bytes, the limit of a scenario": "er større enn {n} byte, som er grensen "
    "for et scenario",
    "is not UTF-8 text": "er ikke tekst i UTF-8",
    "is not YAML: {x}": "er ikke YAML: {x}",
    "is empty": "er tom",
    "holds {what} where a mapping (key: value) must stand": "inneholder {what} der det må stå "
    "nøkler med verdier (nøkkel: verdi)",
    "holds more than one document": "inneholder mer enn ett dokument",
    "'*{x}' names no finished '&' anchor": "«*{x}» viser ikke til noe ferdig «&»-anker",
    "the tag '{x}' is refused: a scenario holds plain values": "merket «{x}» tillates ikke: et "
    "scenario inneholder bare rene verdier",
    "a key must be a plain word": "en nøkkel må være et vanlig ord",
    "the key '{x}' stands here again": "nøkkelen «{x}» står her en gang til",
    "the key '{x}' is longer than {n} characters": "nøkkelen «{x}» er lengre enn {n} tegn",
    "is nested more than {n} levels deep": "har mer enn {n} nivåer inni hverandre",
    "holds more than {n} values": "inneholder mer enn {n} verdier",
    "and {n} more problems": "og {n} feil til",
    # keys and values
    "the file needs the key '{x}'": "filen mangler nøkkelen «{x}»",
    "{x} needs the key '{y}'": "{x} mangler nøkkelen «{y}»",
    "unknown key '{x}' in {y}": "ukjent nøkkel «{x}» i {y}",
    "unknown key '{x}'": "ukjent nøkkel «{x}»",
    "{x}: expected {what}, found {found}": "{x}: her må det stå {what}, men det står {found}",
    "{x}: '{y}' does not do": "{x}: «{y}» går ikke an",
    "{x}: must be greater than or equal to {n}, found {found}": "{x}: må være minst {n}, men det "
    "står {found}",
    "{x}: must be less than or equal to {n}, found {found}": "{x}: må være høyst {n}, men det "
    "står {found}",
    "{x}: must be greater than {n}, found {found}": "{x}: må være større enn {n}, men det står "
    "{found}",
    "{x}: must be less than {n}, found {found}": "{x}: må være mindre enn {n}, men det står "
    "{found}",
    "{x}: needs at least {n} of them": "{x}: må ha minst {n}",
    "{x}: holds more than {n}": "{x}: har flere enn {n}",
    "{x}: is empty": "{x}: er tom",
    "{x}: is longer than {n} characters": "{x}: er lengre enn {n} tegn",
    "{x}: holds the invisible character {y}": "{x}: inneholder det usynlige tegnet {y}",
    "{x}: needs exactly one of set, add and scale": "{x}: må ha nøyaktig én av set, add og scale",
    "{x}: needs at least one year": "{x}: må ha minst ett år",
    "{x}: needs a text under en, nb or nn": "{x}: må ha en tekst under en, nb eller nn",
    # levers
    "unknown lever '{x}'": "ukjent grep «{x}»",
    "unknown part of the outside world '{x}'": "ukjent del av omverdenen «{x}»",
    "unknown tool '{x}' in '{y}'": "ukjent virkemiddel «{x}» i «{y}»",
    "unknown area '{x}' in '{y}'": "ukjent innsatsområde «{x}» i «{y}»",
    "unknown {x} '{y}' in '{z}'": "ukjent {x} «{y}» i «{z}»",
    "'{x}' does not have the form {y}": "«{x}» har ikke formen {y}",
    "'{x}' is in the wrong order; the form is {y}": "«{x}» står i feil rekkefølge; formen er {y}",
    "{x} needs names of cells such as '*.*' before its values": "{x} må ha navn på celler, som "
    "«*.*», foran verdiene",
    "'{x}' and '{y}' both name {z}, and neither is more exact": "«{x}» og «{y}» gjelder begge {z}, "
    "og ingen av dem er mer presis",
    "{x} mixes steps with the parent's sloping lines": "{x} blander trinn med skrå linjer i "
    "scenarioet det bygger på",
    "{x}: {n} is outside {m}–{k}": "{x}: {n} er utenfor {m}–{k}",
    "{x} is {n}, outside its range {m} to {k}, and {y} more cells": "{x} er {n}, utenfor spennet "
    "{m} til {k}, og {y} celler til",
    "{x} is {n}, outside its range {m} to {k}": "{x} er {n}, utenfor spennet {m} til {k}",
    # money
    "two funds are called '{x}'": "to fond heter «{x}»",
    "budget: {x} spends {n} NOK million {purse}, above the limit of {m}{rest}": "budsjett: i {x} "
    "brukes {n} mill. kroner {purse}, mer enn rammen på {m}{rest}",
    # scenarios, goals and experiments
    "the model has no constant '{x}'": "modellen har ingen konstant «{x}»",
    "the model has no variable '{x}'": "modellen har ingen variabel «{x}»",
    "'{x}' leads out of the experiment's folder": "«{x}» fører ut av eksperimentets mappe",
    "{x}: names '{y}' twice": "{x}: nevner «{y}» to ganger",
    "{x}: low must lie below high": "{x}: low må være mindre enn high",
    "{x}: {y} needs n": "{x}: {y} må ha n",
    "{x} is no step of the run (the run goes from {n} to {m} in steps of {k})": "{x} er ikke noe "
    "skritt i kjøringen (den går fra {n} til {m} i skritt på {k})",
    "unknown scenario '{x}'": "ukjent scenario «{x}»",
    "unknown experiment '{x}'": "ukjent eksperiment «{x}»",
    "'{x}': the model has no variable '{y}'": "«{x}»: modellen har ingen variabel «{y}»",
    "'{x}' is over {y} here, over {z} in the model": "«{x}» går over {y} her, over {z} i modellen",
    "'{x}' is in {y} here, in {z} in the model": "«{x}» måles i {y} her, i {z} i modellen",
    "goal '{x}': there is no outcome '{y}'": "målet «{x}»: det finnes ikke noe resultat «{y}»",
    "unknown parent '{x}'": "scenarioet bygger på «{x}», som ikke finnes",
    "unknown goals '{x}'": "ukjente mål «{x}»",
    "extends itself: {x}": "bygger på seg selv: {x}",
    "'{x}' comes in through a parent before it already": "«{x}» er alt med gjennom et scenario "
    "foran",
    "extends more than {n} scenarios in a line": "bygger på mer enn {n} scenarioer etter hverandre",
    "has the id '{x}' where its name says '{y}'": "har id-en «{x}», men filen heter «{y}»",
    "two of the scenarios are called '{x}'": "to av scenarioene heter «{x}»",
    "'{x}' cannot be an id": "«{x}» kan ikke være en id",
    "'{x}' is the name of a catalogue": "«{x}» er navnet på en katalog",
    "there is a scenario '{x}' already": "det finnes alt et scenario «{x}»",
    "is there already": "finnes fra før",
    "nothing is called '{x}'": "ingenting heter «{x}»",
    # the command
    "'{x}' is no verb of trondelag": "«{x}» er ingen kommando i trondelag",
    "there is no option '{x}'": "valget «{x}» finnes ikke",
    "there is no engine '{x}'": "regnekjernen «{x}» finnes ikke",
    "there is no such folder": "mappen finnes ikke",
    "--by has '{x}', which is no year": "--by har «{x}», som ikke er noe år",
    "no results for {x}": "ingen resultater for {x}",
    "--format has '{x}', which is not written": "--format har «{x}», som ikke kan skrives",
    "'{x}' is one scenario, and a page compares": "«{x}» er ett scenario, og siden sammenligner",
    "there is no sweep or experiment '{x}'": "det finnes ingen kjøring og intet eksperiment «{x}»",
    "there is no sweep '{x}'": "det finnes ingen kjøring «{x}»",
    "there is no manifest as a run writes it": "her er ingen kjøring (manifest mangler)",
    "argument {x}: invalid choice: '{y}' (choose from {z})": "{x}: «{y}» går ikke an (velg blant "
    "{z})",
    "argument {x}: '{y}' is no whole number of at least 1": "{x}: «{y}» er ikke noe heltall på "
    "minst 1",
    "argument {x}: '{y}' is no number from 0 to 0.5": "{x}: «{y}» er ikke noe tall fra 0 til 0,5",
    "argument {x}: '{y}' is no number above 0": "{x}: «{y}» er ikke noe tall over 0",
    "argument {x}: expected one argument": "{x} mangler verdien",
    "the following arguments are required: {x}": "dette mangler: {x}",
    "unrecognized arguments: {x}": "ukjente ord: {x}",
    "this folder cannot be written: {x}": "det går ikke å skrive i mappen: {x}",
    "runs cannot be written here: {x}": "kjøringer kan ikke lagres her: {x}",
    "the disk is full; {x}": "disken er full",
    "the system refuses: {x}": "systemet nekter: {x}",
}
HINTS = {
    "did you mean '{x}'?": "mente du «{x}»?",
    "save it as UTF-8": "lagre den som UTF-8",
    "indent with spaces, not with tabs": "rykk inn med mellomrom, ikke med tabulator",
    "first in line {n}": "først i linje {n}",
    "known here: {x}": "her kan det stå {x}",
    "Norwegian is nb (bokmål) or nn (nynorsk)": "norsk er nb (bokmål) eller nn (nynorsk)",
    "put it in quotes": "sett det i anførselstegn",
    "write {x}: the decimal sign is a dot": "skriv {x}: desimaltegnet i filen er punktum",
    "write {x}": "skriv {x}",
    "a number stands without quotes, as 1000, 0.5 or 1e3": "et tall står uten anførselstegn, som "
    "1000, 0.5 eller 1e3",
    "an id has small letters a–z, digits and _, and starts with a letter; write '{x}'": "en id har "
    "små bokstaver a–z, sifre og _, og begynner med en bokstav; skriv «{x}»",
    "an id has small letters a–z, digits and _, and starts with a letter": "en id har små "
    "bokstaver a–z, sifre og _, og begynner med en bokstav",
    "small letters a–z, digits and _, a letter first, at most {n}; write {x}": "små bokstaver a–z, "
    "sifre og _, en bokstav først, høyst {n}; skriv {x}",
    "small letters a–z, digits and _, a letter first, at most {n}": "små bokstaver a–z, sifre og "
    "_, en bokstav først, høyst {n}",
    "a year has four digits, such as 2030": "et år har fire sifre, som 2030",
    "write ids or * with dots between: competence.ocean_space": "skriv id-er eller * med punktum "
    "mellom: competence.ocean_space",
    "a * stands for all": "* står for alle",
    "it belongs under {x}": "det hører hjemme under {x}",
    "trondelag list shows all": "trondelag list --lang nb viser alle",
    "say what '{x}' is": "si hva «{x}» er",
    "give both the same interp, or set the values": "gi begge samme interp, eller sett verdiene",
    "spend less, or raise the limit under budget": "bruk mindre, eller hev rammen under budget",
    "spend less, or give this file a limit of its own: {x}": "bruk mindre, eller gi denne filen "
    "sin egen ramme: {x}",
    "spend less": "bruk mindre",
    "leave it out, or put it first": "ta det bort, eller sett det først",
    "there are {x}; or give a file": "det finnes {x}; eller oppgi en fil",
    "there are {x}": "det finnes {x}",
    "name each one once": "nevn hvert av dem én gang",
    "choose another id, or edit that file": "velg en annen id, eller rediger den filen",
    "known are {x}": "mulige er {x}",
    "kept are {x}": "lagret er {x}",
    "results cover {n} to {m}": "resultatene dekker {n} til {m}",
    "write years with commas between: {x}": "skriv år med komma mellom: {x}",
    "name two or more: {x}": "oppgi to eller flere: {x}",
    "options come after the verb: trondelag list --lang nb": "valg står etter kommandoen: "
    "trondelag list --lang nb",
    "{x} --help shows how": "{x} --help viser hvordan",
    "experiments are {x}; {y}": "eksperimentene er {x}; `trondelag sweep EKSPERIMENT` lager en "
    "kjøring",
    "`trondelag sweep EXPERIMENT` makes one": "`trondelag sweep EKSPERIMENT` lager en",
    "set {x} to a folder that can": "sett {x} til en mappe der det går",
}
PROGRESS = {
    "{x}: running": "{x}: kjører",
    "{x}: read from disk": "{x}: lest fra disk",
    "{x}: from {y}": "{x}: fra {y}",
    "{x}: kept in {y}": "{x}: lagret i {y}",
    "{x}: looking up the model and the worlds": "{x}: henter modellen og verdenene",
    "{x}: {n} worlds x {m} scenarios": "{x}: {n} verdener × {m} scenarioer",
}
THINGS = {
    "a number, years or a change": "et tall, år eller en endring",
    "a finite number": "et endelig tall",
    "a whole number": "et heltall",
    "a number that is not finite": "et tall som ikke er endelig",
    "a number": "et tall",
    "true or false": "true eller false",
    "text": "tekst",
    "a list": "en liste",
    "a mapping (key: value)": "nøkler med verdier (nøkkel: verdi)",
    "a mapping": "nøkler med verdier",
    "nothing": "ingenting",
    "the text '{x}'": "teksten «{x}»",
    "the number {x}": "tallet {x}",
    "the truth value {x}": "sannhetsverdien {x}",
    "'{x}' or '{y}'": "«{x}» eller «{y}»",
    "'{x}'": "«{x}»",
}
PURSES = {"altogether": "til sammen", "from fund '{x}'": "fra fondet «{x}»"}
RESTS = {
    "; so do {n} more years": "; slik er det i {n} år til",
    ", {x} the most with {n}": ", mest i {x} med {n}",
    "; the limit is its parent's ({x})": "; rammen står i scenarioet det bygger på ({x})",
}


def said(problem: Problem) -> Problem:
    """The problem in bokmål, as far as there are words for it."""
    return replace(
        problem,
        sentence=_first(SENTENCES, problem.sentence) or problem.sentence,
        hint=_first(HINTS, problem.hint) or problem.hint,
    )


def progress(line: str) -> str:
    """A line that tells how far the work has come, in bokmål where there are words for it."""
    return _first(PROGRESS, line) or line


def _first(words: dict[str, str], text: str) -> str:
    """A text by the first pattern that it matches as a whole; "" where there is none."""
    for english, norwegian in words.items():
        match = _pattern(english).fullmatch(text)
        if match is not None:
            parts = {name: _part(name, part) for name, part in match.groupdict().items()}
            return norwegian.format(**parts)
    return ""


def _part(name: str, text: str) -> str:
    if name in {"n", "m", "k"}:
        return text.replace(",", "\u00a0").replace(".", ",")
    if name in {"what", "found"}:
        return _first(THINGS, text) or text
    if name == "purse":
        return _first(PURSES, text) or text
    if name == "rest":
        return "".join(_rest(text))
    return text


def _rest(text: str) -> Iterable[str]:
    """What follows a sum that is too much: up to three parts, one after the other."""
    for english, norwegian in RESTS.items():
        match = re.search(_pattern(english).pattern, text)
        if match is not None:
            parts = {name: _part(name, part) for name, part in match.groupdict().items()}
            yield norwegian.format(**parts)


@cache
def _pattern(english: str) -> re.Pattern[str]:
    """The pattern as a regular expression: numbers are numbers, other places anything."""
    expression = ""
    for literal, name in re.findall(r"([^{]*)(?:\{([a-z]+)\})?", english):
        expression += re.escape(literal)
        if name in {"n", "m", "k"}:
            expression += rf"(?P<{name}>-?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?|inf|-inf|nan)"
        elif name == "rest":
            expression += r"(?P<rest>.*)"
        elif name:
            expression += rf"(?P<{name}>.+?)"
    return re.compile(expression, re.DOTALL)
