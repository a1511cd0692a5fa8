"""Question sets in, measured figures out: whether answers cite, state, warn and decline as they should."""
