"""Lists of the Problematic Paper Screener: its query syntax, and how a download becomes a rule folder."""
