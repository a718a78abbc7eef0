"""The formats of files: where in a file its texts stand, and how a repaired one is put back.

A file is a sequence of records: a line of JSON lines, a row of a table, a WARC record, or the whole file. A record
holds documents, its texts. Edits speak of the text of a document; its place in the record turns them into edits of the
record, so that every byte outside them stays.
"""
