import pytest
from validation import corpus

from catalogue.errors import ProfileError
from catalogue.validation.profile import load, namespace_of, profiles

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
    assert set(found) >= {"minimum", "genome-inventory-1", "health-ri-core-2", "dcat-ap-3"}


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
