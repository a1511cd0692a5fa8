"""An answer to take away: Markdown, BibTeX, RIS, a table of the studies, and a page of questions for a doctor.

Each function is pure, takes any kind of answer in any register and returns a whole file as text, to be written as UTF-8.
Each says that it comes from software that can be wrong.
"""

from caveat.answering.exports.doctor import to_doctor_page
from caveat.answering.exports.markdown import to_markdown
from caveat.answering.exports.references import to_bibtex, to_ris
from caveat.answering.exports.studies import to_csv

__all__ = ["to_bibtex", "to_csv", "to_doctor_page", "to_markdown", "to_ris"]
