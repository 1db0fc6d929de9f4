"""synthetic-gen: the teacher writes samples over a document's chunks; per-sample filters keep the good ones."""
