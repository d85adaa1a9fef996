"""The words that the scripts of the query page show, in the language of the reader.

A script cannot ask for a translation, so it is given every word beforehand. `{0}` and so on are
places that the script fills in.
"""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.web.messages import lazy_gettext

WORDS: Mapping[str, object] = {
    "answer": lazy_gettext("The answer"),
    "ask": lazy_gettext("Ask"),
    "asTable": lazy_gettext("The answer as a table"),
    "asking": lazy_gettext("Asking…"),
    "bars": lazy_gettext("Bars"),
    "broken": lazy_gettext(
        "The answer was cut off because it took too long or grew too large. Ask for less."
    ),
    "byColumn": lazy_gettext("For each"),
    "chart": lazy_gettext("Chart"),
    "closeTab": lazy_gettext("Close tab"),
    "copy": lazy_gettext("Copy"),
    "copyTab": lazy_gettext("Copy tab"),
    "cut": lazy_gettext("This is the beginning; the files below have everything."),
    "everything": lazy_gettext("The whole answer as"),
    "expected": lazy_gettext("This line is not right yet. Expected here:"),
    "filter": lazy_gettext("Filter"),
    "firstRows": lazy_gettext("of the first {0} rows"),
    "full": lazy_gettext("Full screen"),
    "kind": lazy_gettext("Drawn as"),
    "leaveFull": lazy_gettext("Leave full screen"),
    "line": lazy_gettext("Line"),
    "link": lazy_gettext("Link to this question"),
    "longLink": lazy_gettext("This link is long. It works in browsers with scripts only."),
    "newTab": lazy_gettext("New tab"),
    "next": lazy_gettext("Next"),
    "no": lazy_gettext("No"),
    "noRow": lazy_gettext("This text stands in none of the {0} rows."),
    "noAnswer": lazy_gettext("This question has no answer"),
    "nothing": lazy_gettext("Nothing here fits this question."),
    "others": lazy_gettext("{0} others together"),
    "ofColumn": lazy_gettext("Numbers"),
    "pageSize": lazy_gettext("Rows on a page"),
    "pie": lazy_gettext("Pie"),
    "previous": lazy_gettext("Previous"),
    "query": lazy_gettext("Query"),
    "question": lazy_gettext("Question"),
    "renameTab": lazy_gettext("Rename tab"),
    "reopen": lazy_gettext("Reopen tab"),
    "response": lazy_gettext("Raw answer"),
    "sameIn": lazy_gettext("The same in {0}"),
    "scroll": lazy_gettext("Scroll the table sideways to see all columns."),
    "shown": lazy_gettext("Rows {0} to {1} of {2}"),
    "stop": lazy_gettext("Stop"),
    "stopped": lazy_gettext("You stopped this question."),
    "tabName": lazy_gettext("Name of the tab"),
    "table": lazy_gettext("Table"),
    "tabs": lazy_gettext("Questions"),
    "technical": lazy_gettext("The technical message:"),
    "tidy": lazy_gettext("Tidy up"),
    "toPlace": lazy_gettext("Go to line {0}, column {1}"),
    "took": lazy_gettext("Answered in {0} s"),
    "unreachable": lazy_gettext(
        "The catalogue cannot be reached at the moment. Check your connection, or try again later."
    ),
    "unstated": lazy_gettext("not stated"),
    "wait": lazy_gettext("Wait a moment, and ask again."),
    "waitSeconds": lazy_gettext("Wait a moment ({0} s), and ask again."),
    "yes": lazy_gettext("Yes"),
}


def query_words(titles: Mapping[int, object]) -> dict[str, str]:
    """All of them as text, with what a problem of each HTTP status is called."""
    called = {f"status{status}": title for status, title in titles.items()}
    return {name: str(text) for name, text in {**WORDS, **called}.items()}


def wait_words(seconds: int) -> str:
    """What helps who asked too often; 0 seconds when it is not known how long that lasts.

    >>> wait_words(5)
    'Wait a moment (5 s), and ask again.'
    """
    said = WORDS["waitSeconds"] if seconds else WORDS["wait"]
    return str(said).replace("{0}", str(seconds))
