"""Finding datasets: what a visitor asks, and the answer with a count beside every choice.

`facets` THE table, one row per facet · `document` what the index knows of a dataset ·
`request` a question ↔ its address · `index` the answer · `results` its values ·
`interpret` a typed name or code → a concept · `words` the question in plain words.

Below those: `analysis` (text → terms), `postings` (terms → datasets, ranked), `tree` (broader
and narrower), `rows` (sorting). The index is a projection: it holds only what is public and
can be rebuilt from the register at any time.
"""

from catalogue.search.document import SearchDocument, document
from catalogue.search.facets import FACETS, Facet
from catalogue.search.index import Index
from catalogue.search.interpret import Interpretation, interpret
from catalogue.search.request import SearchRequest
from catalogue.search.results import FacetResult, FacetValue, Hit, Results
from catalogue.search.words import explain

__all__ = [
    "FACETS",
    "Facet",
    "FacetResult",
    "FacetValue",
    "Hit",
    "Index",
    "Interpretation",
    "Results",
    "SearchDocument",
    "SearchRequest",
    "document",
    "explain",
    "interpret",
]
