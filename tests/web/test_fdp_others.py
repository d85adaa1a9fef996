"""What a steward writes says nothing of this catalogue, nor of another organisation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest
from web.writing import BASE, Desk, a_catalog, a_dataset, a_distribution, writing

PWNED = "PWNED"
US = "https://merwestad.example/organisation"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with writing(tmp_path_factory.mktemp("desk")) as made:
        yield made


def union(desk: Desk) -> str:
    """Everything in the public store."""
    register = desk.register
    return b"".join(content for _, content in chain(register.graphs(), register.walk())).decode()


def told(desk: Desk, where: str) -> list[str]:
    """Of what was repaired in a public description, what it was about."""
    kind, name = where.split("/")[-2:]
    return [row["before"] for row in desk.register.get(kind, name).repairs]


def published_as(turtle: str, agent: str) -> str:
    return turtle.replace("[ a foaf:Agent ; foaf:name", f"<{agent}> . <{agent}> foaf:name").replace(
        "] .", "."
    )


PLACES = (
    "",
    "/organisation/waddenland",
    "/sources/waddenland",
    "/profile/x",
    "/dataset/o/versions/2",
)


@pytest.mark.parametrize("place", PLACES)
def test_a_steward_does_not_describe_the_catalogue(desk: Desk, place: str) -> None:
    catalog, iri = desk.catalog(), BASE + place
    more = f"dct:creator <{iri}> ; "
    turtle = a_dataset(catalog, more=more) + f'<{iri}> dct:title "{PWNED}" .'
    draft = desk.made("dataset", turtle)
    assert PWNED not in desk.ask("GET", draft, "anna").text
    where = desk.publish(draft)
    assert PWNED not in union(desk)
    assert iri in told(desk, where)


def test_a_steward_does_not_describe_another_description(desk: Desk) -> None:
    theirs = desk.dataset(desk.catalog("bob"), who="bob")
    about = f'<{theirs}> dct:title "{PWNED}" . <{theirs}#us> dct:title "{PWNED}" .'
    more = f"dct:creator <{theirs}> , <{theirs}#us> ; "
    where = desk.publish(desk.made("dataset", a_dataset(desk.catalog(), more=more) + about))
    assert PWNED not in union(desk)
    assert {theirs, f"{theirs}#us"} <= set(told(desk, where))
    assert desk.ask("GET", where).text.count(theirs) == 2  # the links stay


def test_what_a_steward_says_of_parts_of_the_own_description_stays(desk: Desk) -> None:
    catalog = desk.catalog()
    more = "dcat:contactPoint <#desk> ; dcat:distribution <#files> ; "
    parts = '<#desk> dct:title "Desk" . <#files> a dcat:Distribution ; dct:title "Files" .'
    where = desk.publish(desk.made("dataset", a_dataset(catalog, more=more) + parts))
    rights = "dct:rights <#rights> ; dcat:accessURL"
    turtle = a_distribution(where).replace("dcat:accessURL", rights)
    desk.publish(desk.made("distribution", turtle + '<#rights> dct:title "Rights" .'))
    public = union(desk)
    assert all(f'"{each}"' in public for each in ("Desk", "Files", "Rights"))
    assert told(desk, where) == []


def test_nobody_publishes_under_the_address_of_another(desk: Desk) -> None:
    theirs = published_as(a_catalog(), US).replace("Noordzee UMC", "Merwestad Hospital")
    desk.publish(desk.made("catalog", theirs, "bob"), "bob")
    nameless = (
        f'<> a dcat:Catalog ; dct:title "Ours" ; dct:isPartOf <{BASE}> ; dct:publisher <{US}> .'
    )
    for turtle in (nameless, published_as(a_catalog(), US)):
        answer = desk.post("catalog", turtle)
        assert answer.status_code == 403
        assert f"merwestad speaks for <{US}>" in answer.json["detail"]
    desk.publish(desk.made("catalog", theirs, "bob"), "bob")


def test_a_draft_gives_nobody_an_address(desk: Desk) -> None:
    desk.made("catalog", published_as(a_catalog(), US))
    theirs = published_as(a_catalog(), US).replace("Noordzee UMC", "Merwestad Hospital")
    desk.publish(desk.made("catalog", theirs, "bob"), "bob")


def test_the_publisher_of_another_is_not_described(desk: Desk) -> None:
    theirs = published_as(a_catalog(), US).replace("Noordzee UMC", "Merwestad Hospital")
    desk.publish(desk.made("catalog", theirs, "bob"), "bob")
    turtle = a_dataset(desk.catalog(), more=f"dct:creator <{US}> ; ")
    where = desk.publish(desk.made("dataset", f'{turtle} <{US}> foaf:name "{PWNED}" .'))
    assert f'<{US}> <http://xmlns.com/foaf/0.1/name> "{PWNED}"' not in union(desk)
    assert PWNED in desk.ask("GET", where).text  # as what it says, of nobody else
    assert told(desk, where) == [US]
