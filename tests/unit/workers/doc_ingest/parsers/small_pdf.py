"""PDFs of a few lines, written by hand, for what no example file holds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Page:
    """``lines``: (x, y, size, text). ``links``: (left, bottom, right, top, address)."""

    lines: list[tuple[float, float, float, str]] = field(default_factory=list)
    links: list[tuple[float, float, float, float, str]] = field(default_factory=list)


def small_pdf(pages: list[Page], bookmarks: list[tuple[str, int, float]] | None = None) -> bytes:
    """``bookmarks``: (title, page from 0, height)."""
    marks = bookmarks or []
    first_page = 4 + len(marks)
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R" + (f" /Outlines {3} 0 R" if marks else "") + " >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        f"<< /Type /Outlines /First 4 0 R /Last {3 + len(marks)} 0 R /Count {len(marks)} >>",
    ]
    for n, (title, page, height) in enumerate(marks):
        following = f" /Next {5 + n} 0 R" if n + 1 < len(marks) else ""
        place = f"[{first_page + 2 * page} 0 R /XYZ 0 {height} 0]"
        objects.append(f"<< /Title ({title}) /Parent 3 0 R /Dest {place}{following} >>")
    for n, one in enumerate(pages):
        annotations = " ".join(
            f"<< /Type /Annot /Subtype /Link /Rect [{left} {bottom} {right} {top}] /A << /S /URI /URI ({address}) >> >>"
            for left, bottom, right, top, address in one.links
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {first_page + 2 * n + 1} 0 R "
            "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> "
            f"/Annots [{annotations}] >>"
        )
        content = "\n".join(f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, size, text in one.lines)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _assembled(objects)


def _assembled(objects: list[str]) -> bytes:
    body, places = "%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")
