"""What goes wrong in real records, one small function for each.

A quirk changes the text of a description and never its meaning: what the hospital meant is
still in `Description`, and a catalogue that mends the text finds it again. The proportions
of real feeds were the example.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from examples.hospitals.turtle import CC0, EU, HDEU, Written

_MOMENT = re.compile(r'"(\d{4})-(\d\d)-(\d\d)T[^"]*"\^\^xsd:dateTime')

Quirk = Callable[[Written], Written]


def _in_dataset(pattern: str | re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> Quirk:
    return lambda w: replace(w, dataset=re.sub(pattern, new, w.dataset))


def _in_distributions(pattern: str, new: str) -> Quirk:
    return lambda w: replace(
        w, distributions={n: re.sub(pattern, new, text) for n, text in w.distributions.items()}
    )


def _licence_on_dataset(written: Written) -> Written:
    """The licence stands on the dataset, where nobody looks for it."""
    moved = _in_distributions(r" ;\n    dct:license [^;]*", "")(written)
    licence = f"a dcat:Dataset ;\n    dct:license <{CC0}>"
    return replace(moved, dataset=moved.dataset.replace("a dcat:Dataset", licence, 1))


def _blank_distributions(written: Written) -> Written:
    """The distributions have no address; they exist only inside their dataset."""
    dataset = written.dataset
    for name, text in written.distributions.items():
        body = text[text.index("a dcat:Distribution") :].rstrip().removesuffix(".")
        body = re.sub(r"\n    dct:isPartOf [^;]*;", "", body)
        pattern = rf"dcat:distribution <[^>]*--{re.escape(name)}>"
        dataset = re.sub(pattern, f"dcat:distribution [ {body}]".replace("\\", r"\\"), dataset)
    return Written(dataset=dataset, distributions={})


def _relative(written: Written) -> Written:
    """Addresses without a host; only the address of the document makes them whole."""
    return _in_dataset(r"<http://[a-z]+\.[a-z]+\.example/(?=\w)", "</")(written)


def _undescribed_publisher(written: Written) -> Written:
    """The publisher is an address and nothing more."""
    return replace(
        written,
        dataset=re.sub(r"\n<[^>]*> a foaf:Agent .*", "\n", written.dataset, flags=re.DOTALL),
    )


def _three_letters(tag: re.Match[str]) -> str:
    return {"en": '"@eng', "nl": '"@nld'}[tag[1]]


QUIRKS: dict[str, Quirk] = {
    "untyped-date": _in_dataset(_MOMENT, r'"\1-\2-\3"'),
    "dutch-date": _in_dataset(_MOMENT, r'"\3-\2-\1"'),
    "date-without-zone": _in_dataset(_MOMENT, r'"\1-\2-\3T09:00:00"^^xsd:dateTime'),
    "date-with-blank": _in_dataset(_MOMENT, r'"\1-\2-\3 09:00:00"'),
    "day-only": _in_dataset(_MOMENT, r'"\1-\2-\3"^^xsd:date'),
    "placeholder-date": _in_dataset(r"dct:issued [^;]*;", 'dct:issued "YYYY-MM-DD" ;'),
    "literal-access-url": _in_distributions(r"dcat:accessURL <([^>]*)>", r'dcat:accessURL "\1"'),
    "literal-media-type": _in_distributions(
        r"dcat:mediaType <[^>]*media-types/([^>]*)>", r'dcat:mediaType "\1"'
    ),
    "literal-language": _in_dataset(r"dct:language [^;]*;", 'dct:language "nl", "en" ;'),
    "https-authority": _in_dataset(EU.replace(".", r"\."), EU.replace("http:", "https:")),
    "licence-on-dataset": _licence_on_dataset,
    "blank-distributions": _blank_distributions,
    "relative-addresses": _relative,
    "three-letter-languages": _in_dataset(r'"@(en|nl)\b', _three_letters),
    "undescribed-publisher": _undescribed_publisher,
    "no-description": _in_dataset(r"\n    dct:description [^\n]*", ""),
    "old-category-host": _in_dataset(HDEU.replace(".", r"\."), f"{EU}"),
    "acceptance-category-host": _in_dataset(
        r"hdeu-dcat\.data\.health", "hdeu-dcat.acceptance.data.health"
    ),
    "identifier-as-address": _in_dataset(
        r'dct:identifier "([a-z]+)-([^"]*)"', r"dct:identifier <urn:\1:\2>"
    ),
    "number-as-text": _in_dataset(r'"(\d+)"\^\^xsd:nonNegativeInteger', r'"\1"'),
    "foaf-organisation": _in_dataset("foaf:Agent", "foaf:Organisation"),
    "blank-dataset": _in_dataset(r"<[^>]*/dataset/[^>]*> a dcat:Dataset", "[] a dcat:Dataset"),
}
"""Name → what it does. `blank-dataset` makes sense in files only: an address needs a name."""


def spoil(written: Written, quirk: str) -> Written:
    """The text with this quirk; without one, as it was."""
    return QUIRKS[quirk](written) if quirk else written
