# ruff: noqa: E501 - a query reads best on one line
"""Queries that mean harm, for tests and benchmarks. `listener` is an address that nobody may call."""

from __future__ import annotations

P = "<http://purl.org/dc/terms/title>"
Q = "<http://purl.org/dc/terms/publisher>"
COUNT = "SELECT (COUNT(*) AS ?n)"
TWO, THREE = "?a ?b ?c . ?d ?e ?f", "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
QUIET = f"?a {P} ?b . ?c {P} ?d . ?e {P} ?f . ?g {P} ?h"
"""Four patterns of which none looks wide, and whose product has no end."""
BOMB = '"^((a+)+)+(a|aa|aaa)*$"'


def endless() -> dict[str, str]:
    """Queries that only a limit can end."""
    return {
        "a cross product": f"{COUNT} {{ {THREE} }}",
        "a cross product of properties": f"{COUNT} {{ {QUIET} }}",
        "a cross product with a filter": f"{COUNT} {{ {THREE} FILTER(STR(?c) = CONCAT(STR(?f), 'x')) }}",
        "a stream without end": f"SELECT * {{ {THREE} }}",
        "a stream of properties": f"SELECT * {{ {QUIET} }}",
        "a big order": f"SELECT ?a ?d {{ {THREE} }} ORDER BY ?f ?c ?i",
        "a big order of properties": f"SELECT * {{ {QUIET} }} ORDER BY DESC(?h) ?b ?f",
        "a big distinct": f"SELECT DISTINCT ?a ?c ?d ?f ?i {{ {THREE} }}",
        "a big group": f"SELECT ?a ?d ?g {COUNT[7:]} {{ {THREE} }} GROUP BY ?a ?d ?g ?c",
        "sums over everything": f"SELECT (SUM(STRLEN(STR(?c))*STRLEN(STR(?f))) AS ?n) {{ {THREE} }}",
        "distinct counts": f"SELECT (COUNT(DISTINCT CONCAT(STR(?c), STR(?f))) AS ?n) {{ {THREE} }}",
        "a string that doubles": f"SELECT (GROUP_CONCAT(CONCAT(STR(?c),STR(?f))) AS ?x) {{ {THREE} }}",
        "nested binds that double": "SELECT ?x40 { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{i},?x{i}) AS ?x{i + 1})" for i in range(40))
        + " }",
        "a path of any property": f"{COUNT} {{ ?s ({P}|!{P})* ?o . ?x ?y ?z }}",
        "nested paths": f"{COUNT} {{ ?s ((({P}|{Q})+)+/((^{P}|^{Q})*)*)+ ?o . ?x ?y ?z . ?u ?v ?w }}",
        "a path both ways": f"{COUNT} {{ ?s ({Q}/^{Q})+ ?o . ?o ({Q}/^{Q})+ ?z . ?z ({Q}/^{Q})* ?s }}",
        "a regular expression bomb": f"{COUNT} {{ {THREE} FILTER REGEX(CONCAT(STR(?c),STR(?f)), {BOMB}) }}",
        "a replacement bomb": f"SELECT (SUM(STRLEN(REPLACE(CONCAT(STR(?c),STR(?f)),'.','xxxxxxxxxxxxxxxx'))) AS ?n) "
        f"{{ {THREE} }}",
        "a negation": f"{COUNT} {{ {TWO} FILTER NOT EXISTS {{ ?g ?h ?i FILTER(?i = CONCAT(STR(?c), STR(?f), 'x')) }} }}",
        "a difference": f"{COUNT} {{ {THREE} MINUS {{ ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(?a != ?m) }} }}",
        "optional upon optional": f"{COUNT} {{ ?a ?b ?c "
        + " ".join(f"OPTIONAL {{ ?s{i} ?p{i} ?o{i} }}" for i in range(8))
        + " }",
        "a huge union": f"{COUNT} {{ "
        + " UNION ".join([f"{{ {QUIET} }}"] * 60)
        + " }",
        "a star that is hard to plan": "SELECT * {"
        + "".join(f" ?s ?p{i} ?o{i} ." for i in range(160))
        + "}",
        "a chain that is hard to plan": "ASK {"
        + "".join(f" ?x{i} {P} ?x{i + 1} ." for i in range(320))
        + "}",
        "a big template": "CONSTRUCT {"
        + "".join(f" ?a <https://x.example/{i}> ?f ." for i in range(300))
        + f"}} {{ {THREE} }}",
        "a description of everything": f"DESCRIBE ?a ?d ?g {{ {THREE} }}",
        "sub-selects in sub-selects": f"{COUNT} {{ " + "{ SELECT * { " * 30 + THREE + " } } " * 30 + " }",
        "huge values": f"{COUNT} {{ VALUES ?v {{ " + " ".join(map(str, range(9_000))) + f" }} {THREE} }}",
        "a random order": f"SELECT * {{ {THREE} }} ORDER BY RAND()",
    }  # fmt: skip


def refused(listener: str) -> dict[str, str]:
    """Queries that no engine may see."""
    inside = "{ ?a ?b ?c }"
    return {
        "SERVICE": f"SELECT * {{ SERVICE <{listener}> {inside} }}",
        "SERVICE SILENT": f"SELECT * {{ SERVICE SILENT <{listener}> {inside} }}",
        "SERVICE at a variable": f"SELECT * {{ VALUES ?v {{ <{listener}> }} SERVICE ?v {inside} }}",
        "SERVICE in a sub-select": f"SELECT * {{ {{ SELECT * {{ SERVICE <{listener}> {inside} }} }} }}",
        "SERVICE in EXISTS": f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{listener}> {inside} }} }}",
        "SERVICE escaped": f"SELECT * {{ SER\\u0056ICE <{listener}> {inside} }}",
        "SERVICE glued": f"SELECT*{{?s ?p 1SERVICE<{listener}>{inside}}}",
        "SERVICE as a name": f"PREFIX : <{listener}> SELECT * {{ SERVICE:{inside} }}",
        "SERVICE as a declared name": f"PREFIX SERVICE: <a:> PREFIX : <{listener}> "
        f"SELECT * {{ SERVICE:{inside} }}",
        "SERVICE behind a comment": f"SELECT * {{ #\rSERVICE <{listener}> {inside} }}",
        "FROM a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "LOAD": f"LOAD <{listener}>",
        "nested braces": "ASK " + "{" * 20_000 + "}" * 20_000,
        "nested brackets": "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}",
        "64 kB of text": "ASK { ?s ?p '" + "x" * 64_000 + "' }",
    }  # fmt: skip


def harmless(listener: str) -> dict[str, str]:
    """Queries that look up graphs elsewhere: there are none, and nobody is called."""
    return {
        "FROM an address": f"SELECT * FROM <{listener}> {{ ?s ?p ?o }}",
        "FROM NAMED an address": f"SELECT * FROM NAMED <{listener}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "GRAPH of an address": f"SELECT * {{ GRAPH <{listener}> {{ ?s ?p ?o }} }}",
    }
