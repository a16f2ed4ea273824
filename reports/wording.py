"""The wording of the plain summary: each rule in English and in Norwegian bokmål.

Both languages use the same values (a test holds that). A change reads "NOK 120 million
(0.15%) higher"; a list is joined with commas and a last "and".
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.labels import Language

Words = Mapping[Language, str]

AND: Words = {"en": " and ", "nb": " og "}
UNCHANGED: Words = {"en": "unchanged", "nb": "uendret"}
CHANGE: Mapping[tuple[str, str], Words] = {
    ("money", "up"): {
        "en": "NOK {number} million ({percent}) higher",
        "nb": "{number} mill. kroner ({percent}) høyere",
    },
    ("money", "down"): {
        "en": "NOK {number} million ({percent}) lower",
        "nb": "{number} mill. kroner ({percent}) lavere",
    },
    ("people", "up"): {
        "en": "{number} people ({percent}) more",
        "nb": "{number} personer ({percent}) flere",
    },
    ("people", "down"): {
        "en": "{number} people ({percent}) fewer",
        "nb": "{number} personer ({percent}) færre",
    },
}
ITEM: Words = {"en": "{change} in {of}", "nb": "{change} i {of}"}
SENTENCES: Mapping[str, Words] = {
    "total": {
        "en": "With {run}, value added in {year} ({after} years after the strategy's start) is "
        "{change}, compared with {baseline}.",
        "nb": "Med {run} er verdiskapingen i {year} ({after} år etter at strategien startet) "
        "{change}, sammenlignet med {baseline}.",
    },
    "course_builds": {
        "en": "The effect on value added builds up over time: {items}.",
        "nb": "Virkningen på verdiskapingen bygger seg opp over tid: {items}.",
    },
    "course_fades": {
        "en": "The effect on value added weakens towards the end: {items}.",
        "nb": "Virkningen på verdiskapingen avtar mot slutten: {items}.",
    },
    "course_turns": {
        "en": "The effect on value added changes direction on the way: {items}.",
        "nb": "Virkningen på verdiskapingen skifter retning underveis: {items}.",
    },
    "course_uneven": {
        "en": "The effect on value added goes up and down on the way: {items}.",
        "nb": "Virkningen på verdiskapingen svinger underveis: {items}.",
    },
    "course_single": {
        "en": "In the one year compared, value added is {items}.",
        "nb": "I det ene året som er sammenlignet, er verdiskapingen {items}.",
    },
    "course_none": {
        "en": "In none of the years compared does value added change.",
        "nb": "Verdiskapingen endrer seg ikke i noen av årene som er sammenlignet.",
    },
    "people": {
        "en": "Change in employment in {year}: {jobs}; in the population: {people}.",
        "nb": "Endring i sysselsettingen i {year}: {jobs}; i folketallet: {people}.",
    },
    "regions": {
        "en": "Value added by region in {year}: {items}; relative to size, {ahead} comes out best.",
        "nb": "Verdiskaping etter region i {year}: {items}; relativt sett kommer {ahead} best ut.",
    },
    "regions_even": {
        "en": "Value added by region in {year}: {items}; relative to size the change is the same.",
        "nb": "Verdiskaping etter region i {year}: {items}; relativt sett er endringen lik.",
    },
    "gain": {
        "en": "The industries that gain most value added by {year}: {items}.",
        "nb": "Næringene som øker verdiskapingen mest fram til {year}: {items}.",
    },
    "no_gain": {
        "en": "No industry gains value added worth mentioning by {year}.",
        "nb": "Ingen næring øker verdiskapingen nevneverdig fram til {year}.",
    },
    "lose": {
        "en": "The industries that lose most value added by {year}: {items}.",
        "nb": "Næringene som taper mest verdiskaping fram til {year}: {items}.",
    },
    "no_loss": {
        "en": "No industry loses value added worth mentioning by {year}.",
        "nb": "Ingen næring taper nevneverdig verdiskaping fram til {year}.",
    },
    "most_late": {
        "en": "Value added in {year}, {after} years after the strategy's start, compared with "
        "{baseline}: most with {best} – {most} – and least with {worst} – {least}.",
        "nb": "Verdiskaping i {year}, {after} år etter at strategien startet, sammenlignet med "
        "{baseline}: mest med {best} – {most} – og minst med {worst} – {least}.",
    },
    "most_early": {
        "en": "Value added already in {year}, {after} years after the start: most with {best} – "
        "{most} – and least with {worst} – {least}.",
        "nb": "Verdiskaping allerede i {year}, {after} år etter start: mest med {best} – "
        "{most} – og minst med {worst} – {least}.",
    },
    "most_jobs": {
        "en": "Employment in {year}: most with {best} – {most} – and least with {worst} – {least}.",
        "nb": "Sysselsatte i {year}: flest med {best} – {most} – og færrest med {worst} – {least}.",
    },
    "most_people": {
        "en": "Population in {year}: most with {best} – {most} – and least with {worst} – {least}.",
        "nb": "Folketall i {year}: høyest med {best} – {most} – og lavest med {worst} – {least}.",
    },
    "best_region": {
        "en": "Of the scenarios, {best} does most for {place}: value added there is {change} in "
        "{year}, and {items}.",
        "nb": "Av scenarioene gir {best} mest for {place}: verdiskapingen der er {change} i "
        "{year}, og {items}.",
    },
    "industries": {
        "en": "By industry, value added in {year} rises most in {top} with {best} – {most} – and "
        "falls most in {low} with {worst} – {least}.",
        "nb": "Etter næring øker verdiskapingen i {year} mest i {top} med {best} – {most} – og "
        "faller mest i {low} med {worst} – {least}.",
    },
    "industries_up": {
        "en": "By industry, value added in {year} rises most in {top} with {best} – {most}; no "
        "industry loses anything worth mentioning with any scenario.",
        "nb": "Etter næring øker verdiskapingen i {year} mest i {top} med {best} – {most}; ingen "
        "næring taper nevneverdig med noe scenario.",
    },
    "industries_down": {
        "en": "By industry, value added in {year} falls most in {low} with {worst} – {least}; no "
        "industry gains anything worth mentioning with any scenario.",
        "nb": "Etter næring faller verdiskapingen i {year} mest i {low} med {worst} – {least}; "
        "ingen næring vinner nevneverdig med noe scenario.",
    },
    "industries_none": {
        "en": "No industry's value added changes by anything worth mentioning by {year}.",
        "nb": "Ingen nærings verdiskaping endrer seg nevneverdig fram til {year}.",
    },
}
