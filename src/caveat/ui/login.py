"""Login against a file of names and scrypt hashes. There is no default name and no default password.

``python -m caveat.ui.login NAME`` asks for a password and prints the line for the file.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import secrets
import sys
import threading
import time
from pathlib import Path

from caveat.errors import ConfigError

N, R, P = 2**14, 8, 1
TRIES, PAUSE = 5, 60.0
SHORTEST = 12


class Login:
    """Checks names and passwords; after five wrong ones a name is refused for a minute."""

    def __init__(self, file: Path) -> None:
        """Raises ``ConfigError`` for a file that cannot be read, is open to others' writing, or is empty."""
        self._hashes = _read(file)
        self._lock = threading.Lock()
        self._wrong: dict[str, list[float]] = {}

    def __call__(self, name: str, password: str) -> bool:
        """True for a known name with its password."""
        now = time.monotonic()
        with self._lock:
            recent = [t for t in self._wrong.get(name, []) if now - t < PAUSE]
            if len(recent) >= TRIES:
                return False
        salt, expected = self._hashes.get(name, (b"0" * 16, b""))
        right = hmac.compare_digest(_hash(password, salt), expected)
        with self._lock:
            if right:
                self._wrong.pop(name, None)
            elif (
                name in self._hashes
            ):  # unknown names are not remembered, so that they cannot fill the memory
                self._wrong[name] = [*recent, now]
        return right


def _read(file: Path) -> dict[str, tuple[bytes, bytes]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"CAVEAT_LOGIN_FILE: {file} cannot be read ({type(error).__name__}).") from error
    found: dict[str, tuple[bytes, bytes]] = {}
    for i, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            name, kind, salt, hashed = line.strip().split(":")
            if kind != "scrypt" or not name:
                raise ValueError("not a login")
            found[name] = (bytes.fromhex(salt), bytes.fromhex(hashed))
        except ValueError as error:
            raise ConfigError(
                f"CAVEAT_LOGIN_FILE: line {i} of {file} is not a login; make one with `python -m caveat.ui.login NAME`."
            ) from error
    if not found:
        raise ConfigError(f"CAVEAT_LOGIN_FILE: {file} names nobody, so nobody could log in.")
    return found


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=N, r=R, p=P)


def line_for(name: str, password: str) -> str:
    """The line of the file for this name; raises ``ConfigError`` for a name or password that will not do."""
    if not name or ":" in name or name != name.strip() or not name.isprintable():
        raise ConfigError("A name has no colon and no blanks around it.")
    if len(password) < SHORTEST:
        raise ConfigError(f"The password needs at least {SHORTEST} characters.")
    salt = secrets.token_bytes(16)
    return f"{name}:scrypt:{salt.hex()}:{_hash(password, salt).hex()}"


def main(arguments: list[str]) -> int:
    """Prints one line; the password is asked for and never shown."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m caveat.ui.login NAME >> logins.txt\n")
        return 2
    try:
        sys.stdout.write(line_for(arguments[0], getpass.getpass("Password: ")) + "\n")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
