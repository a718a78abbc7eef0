"""The stages of a repair, one file each. A stage reads a text and proposes edits; it changes nothing itself."""
