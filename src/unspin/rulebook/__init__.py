"""The dictionary: rule files read, checked, compiled and scanned for."""
