"""The verifier: quotes stand in their passages letter for letter, and claims say no more than their quotes."""

from caveat.domain.verify.locate import locate
from caveat.domain.verify.pairs import check_pair
from caveat.domain.verify.verdict import Reason, ReasonKind, Verdict
from caveat.domain.verify.verify import verify

__all__ = ["Reason", "ReasonKind", "Verdict", "check_pair", "locate", "verify"]
