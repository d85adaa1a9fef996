"""The answers about a consent form, as codes; the questions are in `questions`.

A steward answers from the form that participants signed. An answer gives codes, or says that no
code exists for it: what a form says and a code cannot, is listed, so that it goes into the
description in words instead of being lost. What was not answered gives no code, because silence
is neither a yes nor a no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.consent.codes import IRIS
from catalogue.consent.modifiers import day_range, months_of
from catalogue.consent.outcome import both, filled
from catalogue.consent.questions import NAME, ORIGIN, OTHER, QUESTIONS, SILENT, Choice, Question
from catalogue.consent.region import place
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.model.text import LANGUAGES, LangText, Text
from catalogue.namespaces import GC, Iri

Answers = Mapping[str, Sequence[str]]
"""What the form holds: the name of a question → the values given."""
Placed = Callable[[str], Iri | None]
"""The IRI of a disease by its name or code, or `None`."""

LONGEST = 500
"""Characters of one line that we keep."""

NO_PERMISSION = both(
    "U noemt geen onderzoek waarvoor de gegevens gebruikt mogen worden. Zonder hoofdtoestemming is "
    "het antwoord op elke vraag: de commissie moet oordelen.",
    "You name no research for which the data may be used. Without a main permission the answer to "
    "every question is: the committee must judge.",
)
NOTHING_GIVEN = both(
    "Bij “{choice}” is niets ingevuld; de code staat er zonder, en dat laat het antwoord open.",
    "Nothing is filled in at “{choice}”; the code stands without it, which leaves the answer open.",
)
NOT_PLACED = both(
    "“{given}” kennen wij niet; het staat er zoals u het schreef, en is niet te vergelijken.",
    "We do not know “{given}”; it stays as you wrote it, and cannot be compared.",
)
IN_WORDS = both("Zet dit in de beschrijving: “{given}”.", "Put this in the description: “{given}”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A consent form in codes: the stratum, what it says, and what no code could say."""

    stratum: ConsentStratum
    sentences: tuple[LangText, ...] = ()
    unsaid: tuple[LangText, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no answer gave a code or a sentence."""
        return not (self.stratum.conditions or self.sentences or self.unsaid)


def translated(answers: Answers, placed: Placed) -> Translated:
    """The answers of a steward as a consent stratum; `placed` finds diseases.

    >>> form = {"research": ["health"], "companies": ["nonprofit"]}
    >>> [each.term[-7:] for each in translated(form, lambda text: None).stratum.conditions]
    ['0000006', '0000045']
    """
    chosen = tuple(_chosen(answers))
    said = {code for _, each in chosen for code in each.codes}
    lacking = () if not chosen or said & MAIN else (NO_PERMISSION,)
    return Translated(
        stratum=ConsentStratum(
            label=_label(answers),
            conditions=tuple(_conditions(answers, chosen, placed)),
            model=_model(answers),
        ),
        sentences=tuple(_sentences(answers, chosen)),
        unsaid=(*lacking, *_unsaid(answers, chosen, placed)),
    )


MAIN = frozenset({"NRES", "GRU", "HMB", "DS", "POA"})
Chosen = tuple[tuple[Question, Choice], ...]


def _chosen(answers: Answers) -> Iterator[tuple[Question, Choice]]:
    """The choices made; of a question with one answer, the first counts."""
    for question in QUESTIONS:
        given = answers.get(question.name, ())
        made = [each for each in question.choices if each.value in given and each != SILENT]
        for each in made if question.several else made[:1]:
            yield question, each


def _filled_in(answers: Answers, name: str) -> tuple[str, ...]:
    """What was typed on a line, in parts."""
    if name.startswith("="):
        return (name[1:],)
    text = " ".join(answers.get(name, ()))[:LONGEST]
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _conditions(answers: Answers, chosen: Chosen, placed: Placed) -> Iterator[Condition]:
    for _, each in chosen:
        for code in each.codes:
            given = _filled_in(answers, each.parameter) if each.parameter else ()
            parameters = tuple(_parameter(code, text, placed) or text for text in given)
            yield Condition(term=IRIS[code], parameters=parameters)


def _parameter(code: str, text: str, placed: Placed) -> str | None:
    """A parameter as the rules compare it; `None` when they could not."""
    if code == "DS":
        return placed(text)
    if code == "GS":
        return place(text)
    if code == "TS":
        return text if months_of(text) is not None or day_range(text) else None
    return text if code != "MOR" or day_range(text) else None


def _sentences(answers: Answers, chosen: Chosen) -> Iterator[LangText]:
    for _, each in chosen:
        given = ", ".join(_filled_in(answers, each.parameter)) if each.parameter else ""
        if each.sentence.texts:
            yield _with(each.sentence, given=given or "…")


def _unsaid(answers: Answers, chosen: Chosen, placed: Placed) -> Iterator[LangText]:
    for _, each in chosen:
        if each.unsaid.texts:
            yield each.unsaid
        if each.parameter:
            yield from _faults(answers, each, placed)
    for text in answers.get(OTHER.name, ()):
        if text.strip():
            yield _with(IN_WORDS, given=text.strip()[:LONGEST])


def _faults(answers: Answers, made: Choice, placed: Placed) -> Iterator[LangText]:
    given = _filled_in(answers, made.parameter)
    if not given:
        names = {each: {"choice": made.label.value(each)} for each in LANGUAGES}
        yield filled(NOTHING_GIVEN, names)
    for text in given:
        if not any(_parameter(code, text, placed) for code in made.codes):
            yield _with(NOT_PLACED, given=text)


def _with(template: LangText, **values: str) -> LangText:
    return filled(template, dict.fromkeys(LANGUAGES, values))


def _label(answers: Answers) -> LangText:
    text = " ".join(answers.get(NAME.name, ())).strip()[:LONGEST]
    return LangText((Text(text, ""),)) if text else LangText()


def _model(answers: Answers) -> Iri | None:
    known = {each.value for each in ORIGIN.choices} - {"not-stated"}
    given = [each for each in answers.get(ORIGIN.name, ()) if each in known]
    return Iri(f"{GC}model-{given[0]}") if given else None
