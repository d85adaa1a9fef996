"""Text about a person is recognised; codes that look alike are not."""

from __future__ import annotations

import pytest

from catalogue.privacy.person import holds_bsn


@pytest.mark.parametrize(
    "text",
    [
        "Patiënt 111222333 is opgenomen",
        "BSN 111222333.",
        "BSN:111222333",
        "BSN-111222333",
        "BSN 111 222 333",
        "BSN 111.222.333",
        "tel_111222333",
        "#111222333",
        "NL111222333",
        "111222333/1",
        "(111222333)",
        "1112.22.333 in kolom 2",
    ],
)
def test_a_valid_bsn_in_running_text_is_found(text: str) -> None:
    assert holds_bsn(text)


@pytest.mark.parametrize(
    "text",
    [
        "111222334 fails the eleven-test",
        "SNOMED 111222333",
        "ORPHA:111222333",
        "https://example.org/111222333",
        "1112223334 has ten digits",
        "000000000",
        "111222333.5 is a measurement",
        "",
    ],
)
def test_codes_addresses_and_other_numbers_are_not(text: str) -> None:
    assert not holds_bsn(text)
