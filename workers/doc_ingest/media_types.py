"""The media types of what can be ingested."""

from __future__ import annotations

CSV = "text/csv"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
HWP = "application/x-hwp"
HWPX = "application/hwp+zip"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
RST = "text/x-rst"
TEXT = "text/plain"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
