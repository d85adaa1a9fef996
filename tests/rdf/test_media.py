from __future__ import annotations

import pytest

from catalogue.errors import ParseFailed
from catalogue.rdf import media

XML = b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'


@pytest.mark.parametrize(
    ("content", "media_type", "url", "notation"),
    [
        (b"<a> <b> <c> .", "text/turtle; charset=utf-8", "", media.TURTLE),
        (b"<a> <b> <c> .", "text/n3", "", media.TURTLE),
        (b"<a> <b> <c> .", None, "https://x.example/all.nt", media.N_TRIPLES),
        (b"<a> <b> <c> .", "text/plain", "https://x.example/all", media.TRIG),
        (b"@prefix a: <b> .", "application/octet-stream", "", media.TRIG),
        (b"[] a <c> .", "text/turtle", "", media.TURTLE),
        (b"[] a <c> .", "application/json", "", media.TRIG),
        (b"[ <a> <b> ] .", None, "https://x.example/d.json", media.TRIG),
        (b'{"@id": "a"}', "text/turtle", "", media.JSON_LD),
        (b' [ {"@id": "a"} ]', None, "", media.JSON_LD),
        (b"[]", None, "", media.JSON_LD),
        (XML, "text/turtle", "", media.RDF_XML),
        (b"\xef\xbb\xbf" + XML, None, "", media.RDF_XML),
        (XML.decode().encode("utf-16"), None, "", media.RDF_XML),
        (b"<dataset> a <c> .", None, "", media.TRIG),
        (b"<urn:a:b> <http://x.example/xmlns> <c> .", None, "", media.TRIG),
    ],
)
def test_the_bytes_decide_before_the_label(
    content: bytes, media_type: str | None, url: str, notation: media.Notation
) -> None:
    assert media.detect(content, media_type, url) is notation


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>WAF</title>",
        b"\n<!-- x --><!doctype HTML><title>WAF</title>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html><html><title>\nWAF </title>',
    ],
)
def test_a_web_page_is_never_a_description(page: bytes) -> None:
    with pytest.raises(ParseFailed, match="titled “WAF”"):
        media.detect(page, "application/rdf+xml")


OFFERED = ["text/html", "text/turtle", "application/ld+json"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/TURTLE;Q=0.3, application/ld+json;q=0.2", "text/turtle"),
        ("application/ld+json, */*;q=0.1", "application/ld+json"),
        ("text/*;q=0.5, text/html;q=0", "text/turtle"),
        ("text/html;q=0, */*", "text/turtle"),
        ("application/pdf", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=high", None),
        (",,;,", None),
    ],
)
def test_a_reader_gets_what_it_prefers(accept: str | None, chosen: str | None) -> None:
    assert media.negotiate(accept, OFFERED) == chosen


def test_nothing_can_be_chosen_from_nothing() -> None:
    assert media.negotiate("*/*", []) is None
