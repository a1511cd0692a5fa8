"""One form of answer for each kind of question."""
