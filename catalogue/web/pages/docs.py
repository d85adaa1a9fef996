"""What programs ask here, for people: to copy everything, to write, and the JSON API.

The last is made from its OpenAPI document.
"""

from __future__ import annotations

from flask import render_template

from catalogue.search.request import SearchRequest
from catalogue.web import reported
from catalogue.web.openapi import openapi
from catalogue.web.parts import services, settings
from catalogue.web.present import machines
from catalogue.web.present.machines_example import example
from catalogue.web.present.reference import reference

NAMED = frozenset({"datasets", "catalogs", "organisations", "sources", "runs"})
"""Steps of an address after which the name of something in the register stands."""


def show() -> str:
    """Every address with its parameters, its answers and an example."""
    known = names()
    return render_template(
        "docs.html",
        reference=reference(openapi(settings().base_url), known),
        ways=machines.WAYS,
        requests=machines.REQUESTS,
        refusals=machines.REFUSALS,
        example=example(settings().base_url),
        placeholders=not known.keys() >= NAMED,
    )


def names() -> dict[str, str]:
    """Something that is public here of every sort that there is, for the examples to ask for."""
    register = services().register
    first = {
        "datasets": [hit.id for hit in services().search.search(SearchRequest(size=1)).hits],
        "catalogs": [record.id for record in register.standings("catalog")],
        "organisations": [holder.slug for holder, _ in register.holders()],
    }
    return {step: each[0] for step, each in first.items() if each} | _source()


def _source() -> dict[str, str]:
    """A source, if possible with a run."""
    known = [each for each in reported.sources() if not each.pending]
    for status in sorted(known, key=lambda each: each.last_run is None):
        last = {"runs": str(status.last_run.id)} if status.last_run else {}
        return {"sources": status.slug, **last}
    return {}
