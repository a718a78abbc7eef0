"""Whole corpora: sources are cut into shards, each worked on alone and marked when done, and joined in order.

`storage` knows where bytes live, `packing` what gzip and zstd make of them. `formats` reads records and writes them
again, `arrow` does for tables. `plan` cuts, `shard` works, `ledger` notes what was done, `run` drives. `undo` leads
back, `replay` applies a reviewed subset.
"""
