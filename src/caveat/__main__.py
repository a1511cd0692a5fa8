"""``python -m caveat``: ask, search, verify, triage, evaluate, doctor."""

import sys

from caveat.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
