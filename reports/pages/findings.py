"""What the page says: rules with numbers, no language in them; `phrases` has the words.

Every number is one that can be computed again from the run: tests do so.
"""

from __future__ import annotations

import numpy as np

from reports.pages import doubts
from reports.pages.box import Edge
from reports.pages.finding import Finding, Item, Name, Quantity, Value, ends, spread, year
from reports.pages.indices import REST
from reports.pages.results import JOBS, MONEY, Results

NAMED = 3  # causes that a sentence names
SURE = 0.9  # share of worlds from which a goal counts as safe
OFTEN = 0.5  # of the worlds: from here on a limit is said to hold
HELPED = 0.02  # of the worlds: fewer more is no help worth telling
DISTRICTS, BALANCE = "districts", "district_share_of_value_added"


def opening(results: Results) -> list[Finding]:
    """Three to six sentences that answer the question."""
    found = [most(results), when(results)]
    found += [each for each in (who(results), cost(results)) if each]
    found.append(conditions(results))
    found += [each for each in [first(results)] if each]
    return found


def most(results: Results) -> Finding:
    """Which programme gives most, how much, and how sure that is."""
    found = results.robustness
    values: dict[str, Value] = {
        "favourite": Name("scenario", results.favourite),
        "baseline": Name("scenario", results.futures.baseline),
        "gain": spread("money", found.gains[found.lead]),
        "year": year(results.year),
        "sure": Quantity("share", float((found.gains[found.lead] > 0).mean())),
        "worlds": Quantity("count", len(results.futures.worlds)),
    }
    if len(found.scenarios) == 1:
        return Finding("most_one", values)
    return Finding(
        "most",
        {
            **values,
            "programmes": Quantity("count", len(found.scenarios)),
            "best": Quantity("share", float(found.best[found.lead])),
        },
    )


def when(results: Results) -> Finding:
    """How the favourite's gain builds up."""
    futures = results.futures
    gains = futures.gaps(MONEY)[futures.place(results.favourite)]
    items = tuple(
        Item(each, spread("money", gains[:, futures.at(each)]))
        for each in futures.report_years[:-1]
    )
    values: dict[str, Value] = {
        "favourite": Name("scenario", results.favourite), "year": year(results.year), "items": items
    }  # fmt: skip
    medians = np.median(gains[:, : futures.at(results.year) + 1], axis=0)
    after = futures.years[: len(medians)] > futures.start
    half = np.flatnonzero(after & (medians >= medians[-1] / 2))
    if medians[-1] <= 0 or not len(half):
        return Finding("when_only", values)
    return Finding("when", {**values, "half": year(int(futures.years[half[0]]))})


def who(results: Results) -> Finding | None:
    """Jobs, and what each region gets."""
    futures = results.futures
    at, now = futures.place(results.favourite), futures.at(results.year)
    regions = results.by("region")
    if not regions or not futures.has(JOBS):
        return None
    items = tuple(
        Item(Name("region", each),
             spread("money", futures.gaps("value_added_by_region", each)[at, :, now]))
        for each in regions
    )  # fmt: skip
    values: dict[str, Value] = {
        "favourite": Name("scenario", results.favourite),
        "year": year(results.year),
        "jobs": spread("jobs", futures.gaps(JOBS)[at, :, now]),
        "items": items,
    }
    if DISTRICTS not in regions:
        return Finding("who", values)
    money = futures.gaps("value_added_by_region", DISTRICTS)[:, :, now]
    scenarios = results.robustness.scenarios
    best = max(scenarios, key=lambda each: float(np.median(money[futures.place(each)])))
    values |= {
        "best": Name("scenario", best),
        "districts": spread("money", money[futures.place(best)]),
    }
    return Finding("who_same" if best == results.favourite else "who_other", values)


def cost(results: Results) -> Finding | None:
    """What a krone gives, and what a job costs."""
    found = results.cost_of(results.favourite)
    if found is None:
        return None
    values: dict[str, Value] = {
        "favourite": Name("scenario", results.favourite),
        "baseline": Name("scenario", results.futures.baseline),
        "yearly": Quantity("money", found.yearly),
        "start": year(results.futures.start),
        "year": year(results.year),
        "krone": Quantity("krone", *ends(found.per_krone)),
        "pays": Quantity("share", found.pays),
        "work": Quantity("work", *ends(100 * found.jobs_per_million)),
    }
    price = float(found.per_job[2])
    if not np.isfinite(price):
        return Finding("cost_no_job", values)
    return Finding("cost", {**values, "job": Quantity("price", price)})


def conditions(results: Results) -> Finding:
    """What must be true: where the favourite fails."""
    box, failing = results.box, results.failing
    several = len(results.robustness.scenarios) > 1
    values: dict[str, Value] = {
        "favourite": Name("scenario", results.favourite),
        "fails": Quantity("share", float(failing.mean())),
    }
    kind = "several" if several else "alone"
    if box is None:
        tried = Quantity("count", results.gain.tried)
        return Finding(f"fails_{kind}", {**values, "tried": tried})
    items = tuple(_edge(results, edge) for edge in box.edges)
    inside, holds = Quantity("share", box.density), Quantity("share", box.coverage)
    told: dict[str, Value] = {**values, "items": items, "inside": inside, "holds": holds}
    return Finding(f"fails_{kind}_where", told)


def first(results: Results) -> Finding | None:
    """What to begin with, and what to find out first."""
    split = results.split_of(results.favourite)
    if split is None or not split.groups:
        return None
    parts = split.of(MONEY, results.year)
    at = int(np.argmax(parts))
    whole = float(split.whole[split.results.index((MONEY, "")), -1])
    values: dict[str, Value] = {
        "favourite": Name("scenario", results.favourite),
        "year": year(results.year),
        "group": Name("group", split.groups[at]),
        "part": Quantity("money", float(parts[at])),
        "whole": Quantity("money", whole),
    }
    research = results.research[0] if results.research else None
    if research is None:
        return Finding("first", values)
    swing = Quantity("money", abs(research.swing))
    rule = "first_research" if research.swing > 0 else "first_research_low"
    return Finding(rule, {**values, "input": Name("input", research.element), "swing": swing})


def hangs(results: Results) -> Finding | None:
    """What the spread of the favourite's gain hangs on."""
    if results.shares is None:
        return None
    gain = results.shares.gains[MONEY]
    groups = [each for each in gain.groups if each != REST]
    ranked = sorted(groups, key=lambda each: -gain.at(each, results.year)[0])[:NAMED]
    if not ranked or REST not in gain.groups or not np.isfinite(gain.total[:, -1]).all():
        return None
    return Finding(
        "hangs",
        {
            "favourite": Name("scenario", results.favourite),
            "year": year(results.year),
            "items": tuple(
                Item(Name("cause", each), Quantity("share", *gain.at(each, results.year)))
                for each in ranked
            ),
            "others": Quantity("count", results.shares.inputs[REST]),
            "rest": Quantity("share", *gain.at(REST, results.year)),
        },
    )


def binding(results: Results) -> Finding | None:
    """Which limits bind in most worlds in the last year, and which of them has come up most."""
    if not results.bindings:
        return None
    futures = results.futures
    start, last = futures.at(futures.start), futures.at(results.year)
    most = sorted(results.bindings, key=lambda each: -float(each.share[0, last]))
    held = [each for each in most if each.share[0, last] >= OFTEN] or most[:1]
    newest = max(
        results.bindings, key=lambda each: float(each.share[0, last] - each.share[0, start])
    )
    values: dict[str, Value] = {
        "year": year(results.year),
        "baseline": Name("scenario", futures.baseline),
        "items": tuple(
            Item(Name("limit", each.limit.id), Quantity("share", float(each.share[0, last])))
            for each in held
        ),
    }
    if newest.share[0, last] - newest.share[0, start] < HELPED:
        return Finding("binding", values)
    return Finding(
        "binding_new",
        {
            **values,
            "newest": Name("limit", newest.limit.id),
            "start": year(futures.start),
            "before": Quantity("share", float(newest.share[0, start])),
            "now": Quantity("share", float(newest.share[0, last])),
        },
    )


def goals(results: Results) -> Finding:
    """How many goals are safe or lost under the favourite, and which it helps most."""
    at = results.futures.place(results.favourite)
    measured = [each for each in results.scores if each.measured]
    values: dict[str, Value] = {
        "favourite": Name("scenario", results.favourite),
        "all": Quantity("count", len(results.scores)),
        "measured": Quantity("count", len(measured)),
    }
    if not measured:
        return Finding("goals_none", values)
    shares = [float(each.reached[at]) for each in measured]
    values |= {
        "safe": Quantity("count", sum(each >= SURE for each in shares)),
        "lost": Quantity("count", sum(each <= 1 - SURE for each in shares)),
    }
    most = max(measured, key=lambda each: float(each.reached[at] - each.reached[0]))
    if most.reached[at] - most.reached[0] < HELPED:
        return Finding("goals", values)
    return Finding(
        "goals_helped",
        {
            **values,
            "most": Name("goal", most.id),
            "share": Quantity("share", float(most.reached[at])),
            "share_baseline": Quantity("share", float(most.reached[0])),
            "baseline": Name("scenario", results.futures.baseline),
        },
    )


def balance(results: Results) -> Finding | None:
    """Which programme evens out the county most surely."""
    futures = results.futures
    if (BALANCE, "") not in futures.values:
        return None
    gaps = futures.gaps(BALANCE)[:, :, futures.at(results.year)]
    chances = {each: float((gaps[futures.place(each)] > 0).mean())
               for each in results.robustness.scenarios}  # fmt: skip
    best = max(chances, key=lambda each: chances[each])
    worst = min(chances, key=lambda each: chances[each])
    values: dict[str, Value] = {
        "year": year(results.year),
        "baseline": Name("scenario", futures.baseline),
        "best": Name("scenario", best),
        "share": Quantity("share", chances[best]),
    }
    if best == worst:
        return Finding("balance_one", values)
    return Finding(
        "balance",
        {**values, "worst": Name("scenario", worst),
         "worst_share": Quantity("share", chances[worst])},
    )  # fmt: skip


def everything(results: Results) -> list[Finding]:
    """All sentences of the page that carry numbers, in its order."""
    more = [
        goals(results),
        balance(results),
        hangs(results),
        binding(results),
        *doubts.everything(results.evidence),
    ]
    return [*opening(results), *(each for each in more if each)]


def _edge(results: Results, edge: Edge) -> Item:
    """An input's side of the box, as the share of worlds that lie on it."""
    column = results.futures.inputs.iloc[:, edge.column].to_numpy(dtype=np.float64)
    inside = column >= edge.value if edge.above else column <= edge.value
    name = Name("input", str(results.futures.inputs.columns[edge.column]))
    return Item(name, Quantity("share", float(inside.mean())), edge.above)
