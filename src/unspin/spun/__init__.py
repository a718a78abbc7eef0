"""Spun English: how likely a text is spun, and what it stood for."""
