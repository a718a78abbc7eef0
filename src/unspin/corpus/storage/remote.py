"""Files behind URLs that fsspec knows: s3://, gs://, hf://, https://, memory:// and others."""

from __future__ import annotations

from typing import Any

from unspin.errors import FileError, MissingPackage


def is_url(place: str) -> bool:
    """Whether a place is a URL, and no path of this machine."""
    return "://" in place


def file_system(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it.

    Raises:
        MissingPackage: fsspec is not installed, or what it needs for such URLs.
        FileError: nothing knows such URLs.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingPackage(f"{url}: URLs need fsspec: pip install 'unspin[remote]'") from None
    try:
        system, path = url_to_fs(url)
    except ImportError as error:
        raise MissingPackage(f"{url}: {error}") from None
    except Exception as error:  # each store has its own
        raise FileError(f"{url}: {error}") from None
    return system, path
