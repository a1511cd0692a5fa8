"""The terminal: ``python -m caveat``."""
