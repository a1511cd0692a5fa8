"""Small PDFs written by hand, so that every drawing command in them is known."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pdf(pages: Sequence[str | bytes], info: str = "", picture: bool = False) -> bytes:
    """A file with one content stream a page and one font, ``/F1`` (Helvetica)."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    picture_data = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\0\nendstream"
    objects.append(picture_data)
    kids = []
    for page in pages:
        raw = zlib.compress(page.encode("cp1252") if isinstance(page, str) else page)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n" % len(raw) + raw + b"\nendstream")
        drawing = b"/XObject<</Im1 4 0 R>>" if picture else b""
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>%b>>/Contents %d 0 R>>"
            % (drawing, len(objects))
        )
        kids.append(len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    objects.append(f"<<{info}>>".encode())
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return out + b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )


def lines(*texts: str, size: int = 10, top: int = 760) -> str:
    """Commands that write lines one below the other."""
    body = " ".join(f"1 0 0 1 40 {top - 12 * i} Tm ({text}) Tj" for i, text in enumerate(texts))
    return f"BT /F1 {size} Tf {body} ET"
