"""Packing: a long page for the line, piece by piece; a piece that was packed before is taken as it was.

Pieces end with lines of a table, always the same ones. Where one line is another, only the pieces are packed anew that
hold it or may refer to it.
"""

from __future__ import annotations

import re
import struct
import zlib
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LEAST, TIGHT = 1000, 8
LINES = 110
# The largest municipality's page is ten pieces.
MOST = 64
LINE = re.compile(b"\n  <tr>")
# So far back may what is packed refer to what stands before it (RFC 1951 § 2).
WINDOW = 32 * 1024
# RFC 1952 § 2.3: deflate, no name, no time, packed tight, made on any system; and a last, empty block of its content.
HEAD, END = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255)), bytes((3, 0))


def packed(request: Request, response: Response) -> Response:
    """Pack a page tighter than others are, where the browser can unpack it."""
    body = bytes(response.body)
    if "gzip" in request.headers.get("accept-encoding", "") and len(body) >= LEAST:
        response.body = pack(body)
        response.headers["content-encoding"] = "gzip"
        response.headers["content-length"] = str(len(response.body))
        response.headers.add_vary_header("Accept-Encoding")
    return response


def pack(body: bytes) -> bytes:
    """Pack a page as gzip does."""
    checked = struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    begins = [found.start() for found in LINE.finditer(body)][::LINES]
    # What stands before the lines is another page each time, and none of them refers to it.
    bounds = [*begins, len(body)]
    first = bounds[0]
    pieces = (_piece(body[max(first, begin - WINDOW) : begin], body[begin:end]) for begin, end in pairwise(bounds))
    return b"".join((HEAD, _piece(b"", body[:first]), *pieces, END, checked))


@lru_cache(MOST)
def _piece(before: bytes, piece: bytes) -> bytes:
    """Pack a piece, which may refer to what stands before it; it ends with a whole byte."""
    packer = zlib.compressobj(TIGHT, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before)
    return packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
