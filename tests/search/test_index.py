"""Finding, ranking, sorting, and changing while others search."""

from __future__ import annotations

import threading

import pytest
from search.examples import VOCABULARY, a_document, both, documents, gc

from catalogue.model.counts import Count
from catalogue.model.text import LangText, Text
from catalogue.namespaces import Iri
from catalogue.search import Index, SearchRequest


def an_index(*documents_):
    index = Index(VOCABULARY)
    index.replace(documents_)
    return index


def ids(index, q="", **given):
    return [hit.id for hit in index.search(SearchRequest(q=q, **given)).hits]


def titled(identifier, title, language="en", **given):
    return a_document(identifier, title=LangText((Text(title, language),)), **given)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Genomes of cardiomyopathy", "genome cardiomyopathies"),
        ("Tumoren bij kinderen", "tumor kind"),
        ("Exomen van families", "exoom familie"),
        ("Ziekte van Ménière", "meniere"),
        ("RNA-seq of blood", "rnaseq"),
        ("RNA-seq of blood", "RNA seq"),
        ("Genomen van patiënten", "patient"),
        ("Long-read cohort", "LONG-READ"),
        ("Cardiogenetics", "cardiogen"),
        ("Cardiogenetics and blood", "cardio* blood"),
    ],
)
def test_other_forms_of_a_word_find_it(written, typed):
    assert ids(an_index(titled("x", written), titled("y", "Something else")), typed) == ["x"]


def test_every_word_must_be_there_except_words_that_say_nothing():
    index = an_index(titled("x", "Genomes of families"), titled("y", "Genomes of twins"))
    assert ids(index, "the genomes of all the families") == ["x"]


def test_a_word_in_the_title_counts_for_more_than_one_in_passing():
    passing = both("Blood of children", "Bloed van kinderen")
    index = an_index(
        a_document("passing", title=passing, description=both("With exomes.", "Met exomen.")),
        titled("about", "Exomes"),
    )
    assert ids(index, "exomes") == ["about", "passing"]


def test_equally_good_matches_come_newest_first():
    index = an_index(
        titled("old", "Exomes", modified="2020-01-01"), titled("new", "Exomes", modified="2024")
    )
    assert ids(index, "exomes") == ["new", "old"]


def test_a_synonym_in_dutch_finds_what_was_only_coded():
    found = an_index(a_document("x", diseases=(gc("disease-cystic-fibrosis"),)))
    hit = found.search(SearchRequest(q="taaislijmziekte")).hits[0]
    assert (hit.why[0].kind, hit.why[0].text) == ("name", "taaislijmziekte")


def test_the_name_of_something_broader_finds_what_is_narrower():
    index = an_index(a_document("x", diseases=("ORPHA:227535",)), a_document("y"))
    hit = index.search(SearchRequest(q="kanker")).hits[0]
    assert (hit.id, hit.why[0].value, hit.why[0].of) == (
        "x",
        "hereditary-breast-carcinoma",
        "cancer",
    )


def test_a_word_that_the_dataset_itself_uses_needs_no_explanation():
    index = an_index(titled("x", "Borstkanker", diseases=(gc("disease-breast-cancer"),)))
    assert index.search(SearchRequest(q="borstkanker")).hits[0].why == ()


def test_a_subtype_is_found_and_says_so():
    index = an_index(a_document("x", diseases=(gc("disease-hypertrophic-cardiomyopathy"),)))
    why = index.search(SearchRequest(selected={"disease": ("cardiovascular",)})).hits[0].why[0]
    assert (why.kind, why.value, why.of) == (
        "subtype",
        "hypertrophic-cardiomyopathy",
        "cardiovascular",
    )


def test_exactly_this_disease_leaves_out_what_is_narrower():
    index = an_index(
        a_document("breast", diseases=(gc("disease-breast-cancer"),)),
        a_document("hereditary", diseases=(gc("disease-hereditary-breast-carcinoma"),)),
    )
    wanted = {"disease": ("breast-cancer",)}
    assert ids(index, selected=wanted, exact=True) == ["breast"]
    assert set(ids(index, selected=wanted)) == {"breast", "hereditary"}


def test_a_little_broader_is_shown_beside_the_answer_and_not_counted():
    index = an_index(
        a_document("hit", diseases=(gc("disease-breast-cancer"),)),
        a_document("solid", diseases=(gc("disease-solid-tumour"),)),
        a_document("root", diseases=(gc("disease-cancer"),)),
        a_document("sibling", diseases=(gc("disease-melanoma"),)),
    )
    results = index.search(SearchRequest(selected={"disease": ("breast-cancer",)}))
    assert (results.total, results.broader) == (1, ("solid",))


def test_what_is_broader_passes_the_other_filters_too():
    index = an_index(a_document("solid", diseases=(gc("disease-solid-tumour"),)))
    wanted = SearchRequest(selected={"disease": ("breast-cancer",), "access": ("open",)})
    assert index.search(wanted).broader == ()


@pytest.mark.parametrize(
    ("sort", "language", "expected"),
    [
        ("newest", "en", ["b", "c", "a"]),
        ("individuals", "en", ["c", "a", "b"]),
        ("title", "en", ["a", "b", "c"]),
        ("title", "nl", ["c", "b", "a"]),
        ("relevance", "en", ["b", "c", "a"]),
    ],
)
def test_datasets_are_sorted_as_asked(sort, language, expected):
    index = an_index(
        a_document("a", title=both("Aorta", "Zeta"), issued="2019", individuals=Count(value=10)),
        a_document("b", title=both("Blood", "Mu"), issued="2023-05-01"),
        a_document("c", title=both("Cells", "Alfa"), issued="2023", individuals=Count(value=99)),
    )
    results = index.search(SearchRequest(sort=sort), language)
    assert [hit.id for hit in results.hits] == expected


def test_the_order_stays_right_while_datasets_come_and_go():
    corpus = {each.id: each for each in documents(300)}
    index = an_index(*corpus.values())
    index.search(SearchRequest(sort="individuals"))
    changed = {each.id: each for each in documents(20, seed=3)}
    index.replace(changed.values())
    index.remove(["d0150"])
    corpus |= changed
    del corpus["d0150"]
    expected = sorted(corpus.values(), key=lambda each: (-each.individuals, each.id))
    assert ids(index, sort="individuals", page=3, size=90) == [
        each.id for each in expected[180:270]
    ]
    some = [each.id for each in expected if "open" in each.facets["access"]]
    assert ids(index, sort="individuals", selected={"access": ("open",)}, size=100) == some[:100]


def test_what_is_gone_is_swept_up_without_losing_the_order():
    index = an_index(*documents(100))
    index.search(SearchRequest(sort="title"))
    for seed in range(15):
        index.replace(documents(100, seed=seed))
    fresh = an_index(*documents(100, seed=14))
    assert ids(index, sort="title", size=100) == ids(fresh, sort="title", size=100)


def test_a_replaced_dataset_is_found_by_its_new_words_only():
    index = an_index(titled("x", "Exomes"))
    index.replace([titled("x", "Arrays")])
    assert (ids(index, "exomes"), ids(index, "arrays"), len(index)) == ([], ["x"], 1)


def test_a_removed_dataset_is_gone_and_removing_it_again_is_no_mistake():
    index = an_index(titled("x", "Exomes"))
    index.remove(["x", "unknown"])
    index.remove(["x"])
    assert (ids(index), len(index)) == ([], 0)


def test_an_empty_index_answers():
    results = Index(VOCABULARY).search(SearchRequest(q="anything"))
    assert (results.total, results.hits, results.page, results.pages) == (0, (), 1, 1)


def test_an_organisation_is_called_what_its_datasets_call_it():
    index = an_index(a_document("x", holder="waddenland"))
    assert index.label("organisation", "waddenland").value("nl") == "Waddenland UMC"
    assert index.label("organisation", "unknown").value("nl") == "unknown"


def test_a_count_below_ten_is_in_the_band_and_sorts_below_ten():
    index = an_index(
        a_document("few", individuals=Count(below=10)),
        a_document("ten", individuals=Count(value=10)),
    )
    assert ids(index, selected={"individuals": ("fewer-than-10",)}) == ["few"]
    assert ids(index, sort="individuals") == ["ten", "few"]


def test_a_code_is_found_in_any_spelling():
    index = an_index(a_document("x", diseases=(Iri("http://www.orpha.net/ORDO/Orphanet_227535"),)))
    assert all(ids(index, q) == ["x"] for q in ("ORPHA:227535", "ORPHA_227535", "227535"))


@pytest.mark.parametrize(
    "q",
    [
        '" NEAR ( *',
        "'",
        '"',
        "🧬",
        "\u202edlrow",
        "* * *",
        "???",
        "a" * 500,
        "x " * 250,
        "C50<script>",
        "ORPHA:",
        "ORPHA:227535 OR 1=1",
        "MONDO:9999999999999",
        "title:foo^2 AND NOT (bar",
        "[a TO b]",
        "-",
        "cardio" * 80,
        "ﷺ" * 400,
        "he* *mo w*",
    ],
)
def test_no_question_is_too_strange(q):
    index = an_index(*documents(20))
    results = index.search(SearchRequest.from_args([("q", q)]))
    assert 0 <= results.total <= 20


def test_a_question_without_any_word_in_it_finds_nothing():
    index = an_index(*documents(20))
    assert index.total(SearchRequest(q="🧬")) == 0


def test_searches_see_each_dataset_once_while_others_are_replaced():
    index = an_index(*documents(200))
    done = threading.Event()
    failures: list[BaseException | tuple[int, int]] = []

    def search():
        try:
            while not done.is_set():
                results = index.search(SearchRequest(size=100))
                years = sum(value.count for value in results.facets[3].values)
                if results.total != 200 or years != 200:
                    failures.append((results.total, years))
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for seed in range(5):
        index.replace(documents(200, seed=seed))
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
