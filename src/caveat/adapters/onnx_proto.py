"""The little of ONNX's file format that is needed to read a model's weights and to write a small graph.

The ``onnx`` package would do it too, in 40 MB that nothing else here needs. Field numbers are those of onnx.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
IR_VERSION = 10
TYPES: dict[int, npt.DTypeLike] = {
    1: np.float32,
    2: np.uint8,
    3: np.int8,
    6: np.int32,
    7: np.int64,
    9: np.bool_,
}
"""ONNX's numbers for the element types that are read and written."""
CODES = {np.dtype(t): code for code, t in TYPES.items()}
VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5
FLOAT, INT = 1, 2
"""Kinds of an attribute."""


def weights(model: bytes) -> dict[str, Array]:
    """Every stored tensor of a model by name; raises ``ValueError`` for what is no such file."""
    found: dict[str, Array] = {}
    for number, graph in _fields(memoryview(model)):
        if number == 7:
            for inner, tensor in _fields(graph):
                if inner == 5:
                    name, array = _tensor(tensor)
                    found[name] = array
    return found


def _fields(data: Any) -> Iterator[tuple[int, Any]]:
    """Number and value of each field of a message; values of unread kinds are skipped."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        if kind == VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
        elif kind == BYTES:
            size, at = _varint(data, at)
            if at + size > end:
                raise ValueError("the file ends in the middle")
            yield key >> 3, data[at : at + size]
            at += size
        elif kind in (EIGHT, FOUR):
            at += 8 if kind == EIGHT else 4
        else:
            raise ValueError("this is no ONNX file")


def _varint(data: Any, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("this is no ONNX file")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _tensor(data: Any) -> tuple[str, Array]:
    shape: list[int] = []
    name, kind, raw = "", 0, None
    for number, value in _fields(data):
        if number == 1:
            shape += [value] if isinstance(value, int) else _packed(value)
        elif number == 2:
            kind = value
        elif number == 8:
            name = bytes(value).decode()
        elif number == 9:
            raw = value
    if raw is None or kind not in TYPES or len(raw) != prod(shape) * np.dtype(TYPES[kind]).itemsize:
        return name, np.zeros(0, np.float32)  # held in another way: no weight of a layer is
    return name, np.frombuffer(raw, TYPES[kind]).reshape(shape)


def _packed(data: Any) -> list[int]:
    numbers: list[int] = []
    at = 0
    while at < len(data):
        number, at = _varint(data, at)
        numbers.append(number)
    return numbers


@dataclass
class Graph:
    """A graph being written: nodes in the order they are added, and their weights."""

    domains: Mapping[str, int]
    """The version of each set of operators."""
    nodes: list[bytes] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)

    def store(self, name: str, array: Array) -> str:
        """Keeps a tensor and returns its name."""
        array = np.ascontiguousarray(array)
        shape = b"".join(_number(1, size) for size in array.shape)
        kind = _number(2, CODES[array.dtype])
        self.stored.append(_message(5, shape + kind + _text(8, name) + _message(9, array.tobytes())))
        return name

    def node(
        self, kind: str, inputs: Sequence[str], *outputs: str, domain: str = "", **attributes: float
    ) -> str:
        """Adds a node and returns the name of its first output."""
        parts = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]
        parts.append(_text(4, kind))
        for name, value in attributes.items():
            whole = isinstance(value, int)
            held = _number(3, value) if isinstance(value, int) else _key(2, FOUR) + struct.pack("<f", value)
            parts.append(_message(5, _text(1, name) + held + _number(20, INT if whole else FLOAT)))
        if domain:
            parts.append(_text(7, domain))
        self.nodes.append(_message(1, b"".join(parts)))
        return outputs[0]

    def model(
        self, inputs: Mapping[str, Sequence[str | int]], outputs: Mapping[str, Sequence[str | int]]
    ) -> bytes:
        """The file; inputs are whole numbers and outputs are fractions, each given with its shape."""
        ends = [_message(11, _value(name, np.int64, shape)) for name, shape in inputs.items()]
        ends += [_message(12, _value(name, np.float32, shape)) for name, shape in outputs.items()]
        graph = b"".join([*self.nodes, _text(2, "caveat"), *self.stored, *ends])
        sets = b"".join(_message(8, _text(1, name) + _number(2, n)) for name, n in self.domains.items())
        return _number(1, IR_VERSION) + _message(7, graph) + sets


def _value(name: str, kind: npt.DTypeLike, shape: Sequence[str | int]) -> bytes:
    sizes = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
    dims = b"".join(_message(1, size) for size in sizes)
    tensor = _number(1, CODES[np.dtype(kind)]) + _message(2, dims)
    return _text(1, name) + _message(2, _message(1, tensor))


def _key(number: int, kind: int) -> bytes:
    return _plain(number << 3 | kind)


def _plain(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(number: int, value: int) -> bytes:
    return _key(number, VARINT) + _plain(value)


def _message(number: int, data: bytes) -> bytes:
    return _key(number, BYTES) + _plain(len(data)) + data


def _text(number: int, text: str) -> bytes:
    return _message(number, text.encode())
