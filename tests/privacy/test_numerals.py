"""A small number is recognised in every spelling; what only looks like one is not."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.privacy.numerals import NUMBER_WORDS, is_small

SCRIPTS = sorted(
    chr(point - 7)
    for point in range(128, sys.maxunicode + 1)
    if unicodedata.decimal(chr(point), None) == 7
)
"""The zero of every script that writes numbers in tens."""
BEFORE = (
    "", " ", "\n", "~", "≈ ", "± ", "<", "> ", "≤", "= ", "(", "[ ", "#", "*", "n=", "N = ", "n: ",
    "count: ", "aantal = ", "circa ", "ca. ", "about ", "ongeveer ", "n = ca. ", "at least ", "_",
    "minder dan ", "\u200b", "\u200e", "\ufeff", "\u00a0",
)  # fmt: skip
AFTER = ("", " ", ".", " .", ";", "!", "?", ")", " ]", "*", "\u200b", "\t", " of meer", " in total")
PLACES = st.integers(0, 40)


@st.composite
def spellings(draw: st.DrawFn, numbers: st.SearchStrategy[int]) -> str:
    """A whole number by mantissa and exponent, with zeros, a sign, and marks around it."""
    digits, shift = str(draw(numbers)), draw(st.integers(-3, 3))
    if shift < 0:
        whole, part = digits + "0" * -shift, ""
    else:
        padded = digits.zfill(shift + 1)
        whole, part = padded[: len(padded) - shift], padded[len(padded) - shift :]
    power = f"{draw(st.sampled_from('eE'))}{shift:{draw(st.sampled_from(['', '+']))}}"
    point = draw(st.sampled_from(".,")) if part or draw(st.booleans()) else ""
    zeros = "0" * draw(PLACES) if point else ""
    plain = "0" * draw(PLACES) + whole + point + part + zeros
    plain += power if shift or draw(st.booleans()) else ""
    plain = in_script(plain, draw(st.sampled_from(["0", *SCRIPTS])))
    sign = draw(st.sampled_from(["", "+", "-", "−", "＋"]))
    return draw(st.sampled_from(BEFORE)) + sign + plain + draw(st.sampled_from(AFTER))


def in_script(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(each)) if each.isdecimal() else each for each in text)


@given(spellings(st.integers(0, 9)))
def test_a_small_whole_number_is_recognised_in_every_spelling(text: str) -> None:
    assert is_small(text)


@given(spellings(st.integers(10, 99_999)))
def test_a_larger_number_never_is(text: str) -> None:
    assert not is_small(text)


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert is_small(text) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "1e0", "7.", "+7", "-7", "007", "7.0E0", "70e-1", "0.7e1", ".7e1", "7/1", "14/2", "0x7",
        "0b111", "0O7", "~7", "'7'", '"7"', "“7”", "７", "٧", "７．０", "⁷", "₇", "⑦", "⑺", "⒎",
        "❼", "Ⅶ", "七", "７ｅ０", "𝟕", "7️⃣", "3/250", "7/9", "7 /9", "½", "(~7)", "ZEVEN",
        "e\u0301e\u0301n", "about seven", "n=nine", "7 of minder", *NUMBER_WORDS,
    ],
)  # fmt: skip
def test_also_the_rarer_ones(text: str) -> None:
    assert is_small(text)


@pytest.mark.parametrize(
    "text",
    [
        "2019", "1999.", "10", "10.0", "1e1", "0.1e2", "1.0E1", "12", "83", "0x1F", "0xA",
        "1e400", "30x", "7x", "7×", "30×", "150 bp", "2x150", "2 × 150", "7 years", "7 jaar",
        "3 GB", "5 kb", "v7", "v7.1", "7.1.2", "1.2.3.4", "GRCh38", "hg19", "chr7", "phase 2",
        "7th", "No. 7", "T-7", "C-7", "CA-7", "CA 15-3", "7%", "7 %", "0.7%", "€ 7", "$7", "7 €",
        "3'", "5′", "7°", "7 °C", "--07", "---07", "07:00", "2024-01-07", "7-9", "7, 8", "P7Y",
        "<10", "≥ 10", "24/7", "120/80", "fewer than 10", "fewer than ten", "ten", "tien", "none",
        "geen", "onbekend", "I", "IV", "X", "七十", "一〇", "十", "٧٧", "Ⅻ", "⑩", "true", "", " ",
        "-", "…", "INF", "NaN", "2+", "/8", "Release 7", "version: 7", "the seven sisters",
        "one more thing", "7 of the best", "1_0",
    ],
)  # fmt: skip
def test_what_is_larger_or_has_a_unit_a_name_or_company_is_not(text: str) -> None:
    assert not is_small(text)


@pytest.mark.parametrize(
    "text", ["(" * 200_000, "0" * 200_000 + "x", "'" * 200_000, "7 " * 100_000]
)
def test_a_long_text_is_read_in_one_go(text: str) -> None:
    assert not is_small(text)


@pytest.mark.parametrize(
    "text", ["0" * 100_000 + "7", "7." + "0" * 100_000, "7" + "\u200b" * 100_000]
)
def test_no_length_hides_a_small_number(text: str) -> None:
    assert is_small(text)
