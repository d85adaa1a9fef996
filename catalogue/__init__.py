"""Genoomcatalogus: descriptions of human genome data, never data about a person.

One road in: a harvester hands over bytes; `ingest.pipeline` parses, splits, normalises,
reads, validates and protects them, one description at a time, and writes the `register`,
the only system of record. Two projections are rebuilt from the register's change log:
the public triple `store` (SPARQL) and the `search` index (website, JSON API).

The layers, top to bottom (each may import only what stands below it):

    web | cli                        Flask and click live only here
    submissions | federation         what stewards write · whom queries ask with SERVICE
    ingest | accounts                sources, the guarded session, runs, schedules · who may do what
    search | exports                 what people and machines ask · citations and packages
    register | store | validation | quality    what we keep, publish, check and score
    rdf                              between bytes, graphs and values
    consent | privacy                pure rules
    terms                            the vocabularies as Python
    model                            frozen values
    errors | settings | namespaces

Start reading in `model/dataset.py`, then `ingest/pipeline.py`, then `app.py`.
"""
