"""Whole corpora: sources are cut into shards, each worked on alone and marked when done, and joined in order.

`job` says what is asked for. `plan` cuts files into shards, `team` hands them to processes, in which `worker` does one
after the other: it notes in a `shard_log` what it did, and sets a checkpoint (`checkpoints`). `run` drives all this,
joins the parts of files and adds the counts up. From the notes, which `changes` reads again, `undo` restores the input,
and `replay` makes a reviewed subset of the edits.
"""
