"""The commands with which a steward's program writes, to be typed in one shell one after another.

They are the same in every language; a test types them.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> ."""

MAKE = f"""TOKEN=gcat_…
send() {{ curl --silent --show-error --fail-with-body -H "Authorization: Bearer $TOKEN" "$@"; }}
make() {{ send -D - -o report.ttl -H "Content-Type: text/turtle" --data-binary @$2 $BASE/$1 |
  tr -d '\\r' | sed -n 's/^location: *//Ip'; }}
state() {{ send -o state.json -X PUT -H "Content-Type: application/json" \\
  -d "{{\\"current\\": \\"$2\\"}}" $1/meta/state; }}

cat > catalog.ttl <<END
{PREFIXES}
<> a dcat:Catalog ;
    dct:title "Genomes of Noordzee UMC"@en ;
    dct:isPartOf <$BASE> ;
    dct:publisher [ a foaf:Agent ; foaf:name "Noordzee UMC" ] .
END
CATALOG=$(make catalog catalog.ttl)

cat > dataset.ttl <<END
{PREFIXES}
<> a dcat:Dataset ;
    dct:title "Exomes of families with cardiomyopathy"@en ;
    dct:isPartOf <$CATALOG> ;
    dct:publisher [ a foaf:Agent ; foaf:name "Noordzee UMC" ] .
END
DATASET=$(make dataset dataset.ttl)

state $CATALOG PUBLISHED
state $DATASET PUBLISHED
echo "public: $DATASET\""""

CHANGE = """TAG=$(send -D - -o before.ttl $DATASET | tr -d '\\r' | sed -n 's/^etag: *//Ip')
sed 's/Exomes/Genomes/' dataset.ttl > changed.ttl
send -o report.ttl -X PUT -H "If-Match: $TAG" -H "Content-Type: text/turtle" \\
  --data-binary @changed.ttl $DATASET"""

UNDO = """state $DATASET DRAFT
send -X DELETE $DATASET
state $CATALOG DRAFT
send -X DELETE $CATALOG"""


@dataclass(frozen=True, slots=True)
class Example:
    """Three parts, of which each goes on where the one before it ended."""

    make: str
    change: str
    undo: str


def example(base: str) -> Example:
    """The commands for the catalogue at `base`."""
    return Example(f"BASE={base}\n{MAKE}", CHANGE, UNDO)
