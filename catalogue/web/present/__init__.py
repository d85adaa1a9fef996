"""What pages and the API show, as plain values in the reader's language.

Everything that has to be decided is decided here, so that templates decide nothing and the page
and the API cannot differ. `reader` words and numbers · `card` one dataset in short · `dataset`
its page · `search` · `home` · `sources` · `figures`.
"""
