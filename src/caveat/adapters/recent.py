"""What was read lately, so that one question does not read it twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most ``size`` values of a store that does not change; those not used for longest go. Safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, keys: Iterable[K], read: Callable[[Sequence[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of these keys, in their order; ``read`` is asked for those not at hand, and what it does not know is left out."""
        wanted = list(dict.fromkeys(keys))
        found: dict[K, V] = {}
        with self._lock:
            for key in wanted:
                if key in self._kept:
                    found[key] = self._kept[key]
                    self._kept.move_to_end(key)
        missing = [key for key in wanted if key not in found]
        if missing:
            read_now = read(missing)
            found.update(read_now)
            with self._lock:
                self._kept.update(read_now)
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        return {key: found[key] for key in wanted if key in found}
