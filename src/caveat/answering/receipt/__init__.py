"""A receipt: everything needed to say later how an answer came about, and whether it would come about again."""

from caveat.answering.receipt.make import make_receipt
from caveat.answering.receipt.markdown import receipt_to_markdown
from caveat.answering.receipt.replay import Outcome, replay
from caveat.answering.receipt.stored import Receipt, read_receipt

__all__ = ["Outcome", "Receipt", "make_receipt", "read_receipt", "receipt_to_markdown", "replay"]
