"""The limits of a run over a corpus, where nothing else is said."""

from __future__ import annotations

MB = 1 << 20
"""Bytes of a megabyte, as options count them."""

MAX_RECORD = 16 * MB
"""Bytes of the longest record that is read."""

MAX_ERRORS = 1024 * MB
"""Bytes that one shard may set aside before its run stops."""

SHARD_SIZE = 32 * MB
"""Bytes of input that are done at once."""

MAX_SECONDS = 300
"""Processor time that one record may take: a spun text of `MAX_RECORD` takes about that."""
