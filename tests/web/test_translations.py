"""Dutch and English ship together."""

from __future__ import annotations

import re
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from catalogue.web.messages import FOLDER, po_file, read_messages

KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
PLACE = re.compile(r"%\((\w+)\)[sd]")


def used() -> set[Any]:
    options = {"**.html": {"trim_blocks": "true"}}
    found = extract_from_dir(str(FOLDER.parent), METHODS, options, keywords=KEYWORDS)
    return {
        tuple(message) if isinstance(message, list) else message for _, _, message, _, _ in found
    }


def dutch() -> dict[Any, Any]:
    with po_file("nl").open("rb") as file:
        catalog = read_po(file)
    return {each.id: each.string for each in catalog if each.id and not each.fuzzy}


def test_every_text_has_a_dutch_one() -> None:
    said = dutch()
    lacking = [each for each in used() if not all(forms(said.get(each)))]
    assert lacking == []


def test_no_dutch_text_is_left_over() -> None:
    assert set(dutch()) - used() == set()


def test_a_translation_fills_in_the_same_values() -> None:
    for english, said in dutch().items():
        places = {name for form in forms(english) for name in PLACE.findall(form)}
        assert {name for form in forms(said) for name in PLACE.findall(form)} == places


def test_the_messages_are_read_without_a_compiled_file() -> None:
    messages = read_messages("nl")
    assert messages.gettext("not stated") == "niet vermeld"
    assert messages.ngettext("%(num)d dataset", "%(num)d datasets", 2) == "%(num)d datasets"
    assert read_messages("en").gettext("not stated") == "not stated"


def forms(text: Any) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text or "",)
