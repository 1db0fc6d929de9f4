"""Answers and references in files, scored without a cloud: what `groundtune score` and `groundtune compare` do."""
