"""Trouble on purpose: throttling, latency, failures and ends of life, as a file sets them for each model."""
