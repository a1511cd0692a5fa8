"""The second net: learned weights that can add a card where the rules found none, and never take one away."""

from caveat.domain.safety.net.scores import HINT, Listen, Net, load_net

__all__ = ["HINT", "Listen", "Net", "load_net"]
