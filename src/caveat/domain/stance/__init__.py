"""Stance by rule: what a sentence reports of an outcome, and whether that is wanted."""

from caveat.domain.stance.by_words import stance_of
from caveat.domain.stance.question import Benefit, Effect, Reported, benefit_of, outcome_polarity
from caveat.domain.stance.told import told_benefit

__all__ = ["Benefit", "Effect", "Reported", "benefit_of", "outcome_polarity", "stance_of", "told_benefit"]
