"""Rule candidates from spun texts and their originals.

`pairs` reads the texts, or `copies` finds them inside a corpus; `align` says where two texts differ, `segment` which
words of one side belong to which of the other; `substitutions` gathers what was seen where, `candidates` weighs it
(`score`) and drops what the rulebook does already; `rows` writes a rule file to be reviewed.
"""
