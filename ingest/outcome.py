"""How a command ended, as its process says it."""

OK, PARTLY, FAILED = 0, 1, 2
"""All went well; something was skipped or is unsound; it could not be done."""
