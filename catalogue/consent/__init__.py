"""May this be used for that? What a consent permits, compared with what a study intends.

Pure: no files, no clock, no network. `outcome` how answers rank · `codes` any spelling of a
term → its name · `purpose` what the study intends, and its address · `disease` two diseases
compared, upwards · `region` countries in regions · `policy` where the sources disagree ·
`permissions`, `modifiers` THE rule table · `rules` the table as a whole and its version ·
`match` statements and a purpose → a judgement · `explain` that in words · `cases` the notation
of case files · `questions`, `wizard` a consent form → codes. Start with `match`.
"""
