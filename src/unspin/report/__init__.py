"""Views of a repair: everything here is computed from one list of edits and changes nothing."""
