"""A page's pixels as a PNG (ISO/IEC 15948), by the standard library alone."""

from __future__ import annotations

import struct
import zlib
from contextlib import closing

import pypdfium2

_COLOURS = {1: 0, 3: 2, 4: 6}
"""PNG's colour type by channels: grey, RGB, RGBA."""


def page_png(document: pypdfium2.PdfDocument, number: int, scale: float, *, grey: bool = False) -> bytes:
    """Page ``number`` (from 0), drawn at ``scale`` pixels a point. Raises PdfiumError."""
    with (
        closing(document[number]) as page,
        closing(page.render(scale=scale, rev_byteorder=True, grayscale=grey)) as bitmap,
    ):
        return _png(bitmap.width, bitmap.height, bytes(bitmap.buffer), bitmap.stride, bitmap.n_channels)


def _png(width: int, height: int, pixels: bytes, stride: int, channels: int) -> bytes:
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + width * channels] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOURS[channels], 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
