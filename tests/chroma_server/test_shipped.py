"""What is shipped keeps the server where nobody else reaches it."""

from __future__ import annotations

import yaml

from caveat.settings import PROJECT_ROOT


def test_the_server_is_bound_to_a_private_network() -> None:
    """It starts only when asked for, has no published port, and is on one network that leads nowhere."""
    whole = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8"))
    chroma = whole["services"]["chroma"]
    assert chroma["profiles"] == ["server"]
    assert not {"ports", "expose", "network_mode"} & set(chroma)
    assert chroma["networks"] == ["vectors"]
    assert whole["networks"]["vectors"] == {"internal": True}
    assert [s for s in whole["services"] if "profiles" not in whole["services"][s]] == ["caveat"]
