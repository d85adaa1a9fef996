"""May a company use the data? What the recorded consent says about it, in plain words.

A code of the Data Use Ontology that says what research is for (such as HMB) says nothing about
who does it; only NPU and NPUNCU keep companies out, and NCU binds them to a purpose. What is
said is never wider than what was recorded, and it is an indication, not a permission.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.present.card import PERMISSIONS, ConsentGroup

NON_PROFIT = frozenset(("NPU", "NPUNCU"))
NON_COMMERCIAL = frozenset(("NCU", "NPUNCU"))
APPROVED_ONLY = frozenset(("US", "PS", "IS"))

SENTENCES = {
    "unstated": lazy_gettext(
        "What the people agreed to is not stated. That is neither a yes nor a no."
    ),
    "both": lazy_gettext(
        "Only non-profit organisations, and only for non-commercial purposes. A company may not."
    ),
    "non-profit": lazy_gettext("Only non-profit organisations. A company may not."),
    "non-commercial": lazy_gettext("Only for non-commercial purposes; that binds companies too."),
    "named": lazy_gettext(
        "Only users, projects or institutions that were approved; whether a company can be one of "
        "them is not stated."
    ),
    "unknown": lazy_gettext(
        "A condition was recorded that we do not know; whether it concerns companies, we cannot "
        "say."
    ),
    "silent": lazy_gettext("Which use is allowed is not stated, for companies or anybody else."),
    "open": lazy_gettext("No recorded condition excludes companies."),
}


def companies(groups: tuple[ConsentGroup, ...]) -> Iterable[str]:
    """One paragraph when it holds for everybody, else one for each group of people."""
    answers = tuple(dict.fromkeys(answer(each) for each in groups))
    question = gettext("May companies use it?")
    if len(answers) < 2:
        said = answers[0] if answers else str(SENTENCES["unstated"])
        yield f"{question} {said} {_advice()}"
        return
    differs = gettext("That differs by group of people.")
    yield f"{question} {differs}"
    for place, group in enumerate(groups, start=1):
        said = answer(group)
        yield f"{_who(group, place)}: {said[:1].lower()}{said[1:]}"
    yield _advice()


def answer(group: ConsentGroup) -> str:
    """What the conditions of one group say about companies."""
    return " ".join(str(SENTENCES[kind]) for kind in kinds(group.terms))


def kinds(terms: frozenset[str]) -> tuple[str, ...]:
    """Everything that these conditions say about companies; "open" only when nothing does.

    >>> kinds(frozenset({"HMB", "NPU"})), kinds(frozenset({"HMB", "IRB"})), kinds(frozenset())
    (('non-profit',), ('open',), ('unstated',))
    """
    if not terms:
        return ("unstated",)
    profit, commerce = not terms & NON_PROFIT, not terms & NON_COMMERCIAL
    rows = (
        ("both", not profit and not commerce),
        ("non-profit", not profit and commerce),
        ("non-commercial", profit and not commerce),
        ("named", bool(terms & APPROVED_ONLY)),
        ("unknown", "" in terms),
        ("silent", profit and not terms & PERMISSIONS),
    )
    return tuple(kind for kind, fits in rows if fits) or ("open",)


def _advice() -> str:
    return gettext("This is an indication, not a permission: the access committee decides.")


def _who(group: ConsentGroup, place: int) -> str:
    """Its name and size; a name in another language would not fit in the sentence."""
    name = group.name.text
    if group.name.lang:
        name = gettext("Consent group %(number)s", number=place)
    if group.individuals.mark == "not-stated":
        return name
    return gettext("%(group)s (%(people)s people)", group=name, people=group.individuals.text)
