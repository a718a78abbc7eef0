"""The formats of files: where in a file its texts stand, and how a repaired one is put back.

A file is read as sources, stretches of it that are handled one at a time: a line of JSON lines, else the whole. A
source holds documents. Edits speak of a document's text; its place in the source turns them into edits of the source,
so that every byte outside them stays.
"""
