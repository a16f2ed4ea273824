"""What suites found, as it is hung up: a table for the terminal, a page, plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from sim.check.finding import Finding, Outcome, Report

FIRST = 10  # findings of a suite that are told
WORDS = {
    "en": {
        "suite": "suite",
        "passed": "passed",
        "failed": "failed",
        "skipped": "skipped",
        "noted": "noted",
        "more": "… and {count} more (--all tells them)",
        "title": "Checks of {model}",
        "what": "what",
        "found": "what was found",
        "where": "where",
        "measures": "largest difference (relative; of shares plain)",
        "verdict": "{failed} of {count} checks failed",
        "sound": "all {count} checks passed",
    },
    "nb": {
        "suite": "gruppe",
        "passed": "bestått",
        "failed": "feilet",
        "skipped": "hoppet over",
        "noted": "merket",
        "more": "… og {count} til (--all viser dem)",
        "title": "Kontroll av {model}",
        "what": "hva",
        "found": "hva som ble funnet",
        "where": "hvor",
        "measures": "største forskjell (relativ; for andeler i seg selv)",
        "verdict": "{failed} av {count} kontroller feilet",
        "sound": "alle {count} kontroller bestått",
    },
}
ORDER = (Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED, Outcome.NOTED)
TOLD = (Outcome.FAILED, Outcome.NOTED, Outcome.SKIPPED)
NAMES = {
    "nb": {
        "units": "enheter",
        "text": "tekst",
        "conservation": "bevaring",
        "extremes": "yttertilfeller",
        "behaviour": "atferd",
        "steps": "tidssteg",
        "loops": "sløyfer",
    }
}
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
  color: #1b1b1b; background: #fff }
table { border-collapse: collapse; width: 100%; margin: 0 0 2rem }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d9d9d9;
  vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums }
.failed { color: #a4161a; font-weight: 600 }
.passed { color: #2a6f3b }
.skipped, .noted { color: #6b5b00 }
code { font-size: 13px }
"""


def table(reports: Sequence[Report], language: str, first: int | None = FIRST) -> str:
    """Counts by suite, then what failed, was noted or skipped.

    Args:
        reports: of the suites.
        language: "en" or "nb".
        first: how many findings of each suite and outcome are told; None for all.
    """
    words = WORDS[language]
    head = [words["suite"], *(words[outcome] for outcome in ORDER)]
    rows = [[_suite(one, language), *(str(len(one.of(o))) for o in ORDER)] for one in reports]
    wide = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, wide, strict=True))
        ).rstrip()
        for row in [head, *rows]
    ]
    for report in reports:
        lines += _told(report, language, first)
    lines += ["", _verdict(reports, language)]
    return "\n".join(lines)


def plain(reports: Sequence[Report]) -> dict[str, Any]:
    """Everything that was found, for JSON; what passed only by count."""
    return {
        "failed": any(report.failed for report in reports),
        "suites": [
            {
                "suite": report.suite,
                **{outcome.value: len(report.of(outcome)) for outcome in ORDER},
                "measures": dict(report.measures),
                "findings": [
                    {
                        "outcome": one.outcome.value,
                        "subject": one.subject,
                        "sentence": one.sentence,
                        "code": one.code,
                        "file": one.file,
                        "line": one.line,
                    }
                    for outcome in TOLD
                    for one in report.of(outcome)
                ],
            }
            for report in reports
        ],
    }


def page(reports: Sequence[Report], model: str, language: str) -> str:
    """One HTML page that needs no other file."""
    words = WORDS[language]
    title = escape(words["title"].format(model=model))
    parts = [
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        f"<h1>{title}</h1>\n<p>{escape(_verdict(reports, language))}</p>",
        "<table>",
        _row("th", [words["suite"], *(words[outcome] for outcome in ORDER)]),
    ]
    for report in reports:
        counts = "".join(f'<td class="number">{len(report.of(one))}</td>' for one in ORDER)
        name = escape(_suite(report, language))
        parts.append(f'<tr><td><a href="#{report.suite}">{name}</a></td>{counts}</tr>')
    parts.append("</table>")
    for report in reports:
        parts.append(f'<h2 id="{report.suite}">{escape(_suite(report, language))}</h2>')
        if report.measures:
            parts += ["<table>", _row("th", [words["what"], words["measures"]])]
            parts += [_row("td", [what, f"{value:.2e}"]) for what, value in report.measures.items()]
            parts.append("</table>")
        parts += ["<table>", _row("th", ["", words["what"], words["found"], words["where"]])]
        parts += _findings(report, words)
        parts.append("</table>")
    return "\n".join([*parts, "</body>\n</html>\n"])


def _findings(report: Report, words: dict[str, str]) -> Iterator[str]:
    for outcome in (*TOLD, Outcome.PASSED):
        for one in report.of(outcome):
            where = f"{one.file}:{one.line}" if one.line else one.file
            yield (
                f'<tr><td class="{outcome.value}">{escape(words[outcome])}</td>'
                f"<td>{escape(one.subject)}</td><td>{escape(one.sentence)}</td>"
                f"<td><code>{escape(where)}</code></td></tr>"
            )


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _suite(report: Report, language: str) -> str:
    return NAMES.get(language, {}).get(report.suite, report.suite)


def _told(report: Report, language: str, first: int | None) -> Iterator[str]:
    words = WORDS[language]
    for outcome in TOLD:
        found: list[Finding] = report.of(outcome)
        # What was skipped has its reasons in the JSON and on the page.
        limit = 0 if outcome is Outcome.SKIPPED and first is not None else first
        if not found or limit == 0:
            continue
        yield ""
        yield f"{_suite(report, language)}: {words[outcome]}"
        yield from (f"  {one}" for one in found[:limit])
        if limit is not None and len(found) > limit:
            yield "  " + words["more"].format(count=len(found) - limit)
    if report.measures:
        yield ""
        yield f"{_suite(report, language)}: {words['measures']}"
        yield from (f"  {what}: {value:.2e}" for what, value in report.measures.items())


def _verdict(reports: Sequence[Report], language: str) -> str:
    failed = sum(len(report.of(Outcome.FAILED)) for report in reports)
    count = failed + sum(len(report.of(Outcome.PASSED)) for report in reports)
    words = WORDS[language]
    return words["verdict" if failed else "sound"].format(failed=failed, count=count)
