import pytest
from validation import corpus

from catalogue.errors import ProfileError
from catalogue.validation.engine import Engine
from catalogue.validation.profile import load, namespace_of, profiles
from catalogue.validation.report import Report
from catalogue.validation.view import View

ABOUT = """
@prefix prof: <http://www.w3.org/ns/dx/prof/> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix gc: <https://w3id.org/genoomcatalogus/ns#> .
<urn:profile> a prof:Profile ; dct:title "Test"@en , "Toets"@nl ; owl:versionInfo "3" ;
    gc:requiresClass dcat:Dataset ;
    dct:source [ dct:title "Official"@en ; foaf:page <https://official.example/> ;
        owl:versionInfo "1.2" ; dct:license <https://licence.example/> ] .
"""

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""

SHAPES = "<urn:s> sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ] ."


def a_folder(tmp_path, shapes=SHAPES, about=ABOUT):
    folder = tmp_path / "test-1"
    folder.mkdir()
    (folder / "profile.ttl").write_text(about)
    (folder / "shapes.ttl").write_text(PREFIXES + shapes)
    return folder


def test_our_profiles_load():
    found = profiles(corpus.SHAPES)
    assert set(found) >= {
        "minimum",
        "genome-inventory-1",
        "health-ri-core-2",
        "healthdcat-ap-8",
        "dcat-ap-3",
        "dcat-ap-nl-3",
        "gdi-1",
        "fair-data-point-1",
    }


def test_a_profile_says_whose_rules_it_restates(tmp_path):
    profile = load(a_folder(tmp_path))
    assert profile.key == "test-1"
    assert profile.title.value("nl") == "Toets"
    assert profile.origin is not None
    assert (profile.source, profile.origin.version) == ("https://official.example/", "1.2")


def test_the_digest_changes_with_the_shapes(tmp_path):
    folder = a_folder(tmp_path)
    before = load(folder).digest
    (folder / "shapes.ttl").write_text(PREFIXES + SHAPES + "\n# a comment")
    assert load(folder).digest != before


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        (
            SHAPES + "<urn:t> sh:targetClass <https://www.w3.org/ns/dcat#Dataset> .",
            "namespace nobody uses",
        ),
        (SHAPES + "<urn:t> sh:property [ sh:minCount 1 ] .", "0 sh:path"),
        (SHAPES + "<urn:t> a sh:PropertyShape ; sh:path dct:title , dct:type .", "2 sh:path"),
        ("<urn:s> sh:targetClass dcat:Catalog .", "no shape has it as sh:targetClass"),
        (SHAPES + "<urn:t> sh:sparql [ sh:select 'SELECT *' ] .", "runs queries"),
        (SHAPES + "<urn:t> sh:js [] .", "runs JavaScript"),
        (SHAPES + "<urn:t> sh:rule [] .", "changes the data"),
        (SHAPES + "<urn:t> owl:imports <https://other.example/> .", "fetches other documents"),
        (SHAPES + "<urn:t> sh:pattern '(' .", "not a regular expression"),
        ("<urn:s> sh:targetClass", "not valid Turtle"),
    ],
)
def test_a_shape_set_that_cannot_be_trusted_is_refused(tmp_path, shapes, reason):
    with pytest.raises(ProfileError, match=reason):
        load(a_folder(tmp_path, shapes=shapes))


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (ABOUT.replace(', "Toets"@nl', ""), "no dct:title in 'nl'"),
        (ABOUT.replace("gc:requiresClass dcat:Dataset ;", ""), "no gc:requiresClass"),
        (ABOUT.replace("a prof:Profile ;", ""), "describes 0 profiles"),
    ],
)
def test_a_profile_has_to_introduce_itself(tmp_path, about, reason):
    with pytest.raises(ProfileError, match=reason):
        load(a_folder(tmp_path, about=about))


def test_a_profile_without_shapes_is_refused(tmp_path):
    folder = a_folder(tmp_path)
    (folder / "shapes.ttl").unlink()
    with pytest.raises(ProfileError, match=r"shapes\.ttl: cannot be read"):
        load(folder)


def test_a_folder_without_profiles_is_an_error(tmp_path):
    with pytest.raises(ProfileError, match="no profiles here"):
        profiles(tmp_path)


def test_a_profile_says_which_descriptions_it_has_rules_for():
    found = profiles(corpus.SHAPES)
    assert all(found["minimum"].covers(kind) for kind in ("dataset", "catalog", "series"))
    assert not found["genome-inventory-1"].covers("catalog")


def test_a_namespace_ends_at_the_last_hash_or_slash():
    assert namespace_of("http://purl.org/dc/terms/title") == "http://purl.org/dc/terms/"


SKOS = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
LEVELS = """
gc:requiresClass dcat:Dataset ;
    gc:levelProperty dct:accessRights ;
    gc:defaultLevel "CLOSED" ;
    gc:level [
        skos:notation "OPEN" ;
        gc:whenStated <urn:open> ;
        gc:shapesFile "levels/open.ttl"
    ] , [
        skos:notation "CLOSED" ;
        gc:whenStated <urn:closed> ;
        gc:shapesFile "levels/closed.ttl"
    ] ;
"""
WITH_LEVELS = SKOS + ABOUT.replace("gc:requiresClass dcat:Dataset ;", LEVELS)


@pytest.fixture
def levelled(tmp_path):
    """A profile that asks a keyword of closed datasets only."""
    folder = a_folder(tmp_path, about=WITH_LEVELS)
    (folder / "levels").mkdir()
    keyword = "<urn:k> sh:targetClass dcat:Dataset ; sh:property [ sh:path dcat:keyword ; {} ] ."
    (folder / "levels/open.ttl").write_text(PREFIXES + keyword.format("sh:maxCount 9"))
    (folder / "levels/closed.ttl").write_text(PREFIXES + keyword.format("sh:minCount 1"))
    return folder


def checked(folder, text):
    return Engine(load(folder)).report("urn:x:d", corpus.turtle(f":d a dcat:Dataset {text} ."))


@pytest.mark.parametrize(
    ("stated", "stage", "conforms"),
    [
        ("; dct:accessRights <urn:open>", "OPEN", True),
        ("; dct:accessRights <urn:closed>", "CLOSED", False),
        ("", "CLOSED", False),
        ("; dct:accessRights <urn:another>", "CLOSED", False),
        ("; dct:accessRights <urn:open> , <urn:closed>", "CLOSED", False),
    ],
    ids=["open", "closed", "not stated", "unknown", "both"],
)
def test_a_description_is_checked_at_the_level_that_it_states(levelled, stated, stage, conforms):
    report = checked(levelled, stated)
    assert (report.stage, report.conforms) == (stage, conforms)


def test_a_level_can_be_asked_for(levelled):
    engine = Engine(load(levelled))
    view = View(corpus.turtle(":d a dcat:Dataset ."))
    assert engine.check("urn:x:d", view, "OPEN").conforms
    with pytest.raises(ProfileError, match="there is no level 'AJAR'"):
        engine.check("urn:x:d", view, "AJAR")


def test_a_level_is_known_by_another_address_of_the_same_value():
    profile = profiles(corpus.SHAPES)["healthdcat-ap-8"]
    https = "<https://publications.europa.eu/resource/authority/access-right/PUBLIC>"
    view = View(corpus.turtle(f":d a dcat:Dataset ; dct:accessRights {https} ."))
    assert profile.level(view, "urn:x:d") == "PUBLIC"


def test_the_digest_changes_with_the_rules_of_a_level(levelled):
    before = load(levelled).digest
    (levelled / "levels/open.ttl").write_text(PREFIXES + SHAPES)
    assert load(levelled).digest != before


def test_a_default_level_has_to_be_one_of_the_levels(levelled):
    text = (levelled / "profile.ttl").read_text()
    (levelled / "profile.ttl").write_text(text.replace('defaultLevel "CLOSED"', 'defaultLevel "X"'))
    with pytest.raises(ProfileError, match="'X' is not one of its levels"):
        load(levelled)


def test_a_profile_of_another_has_its_rules_as_well(tmp_path):
    base = a_folder(tmp_path, shapes=SHAPES.replace("sh:path", "sh:minCount 1 ; sh:path"))
    base.rename(tmp_path / "base-1")
    about = ABOUT.replace(
        "owl:versionInfo", "prof:isProfileOf <urn:profiles/base-1> ; owl:versionInfo", 1
    )
    folder = a_folder(tmp_path, about=about)
    assert not checked(folder, "").conforms
    assert load(folder).digest != load(tmp_path / "base-1").digest


def test_a_report_keeps_the_level_it_was_made_at(levelled):
    report = checked(levelled, "; dct:accessRights <urn:open>")
    assert Report.from_json(report.to_json()) == report
