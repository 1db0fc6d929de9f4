"""The local reader (``local.reader-v1``) measured: prompted and trained, on held-out questions that people wrote."""
