"""Our runtime beside other frameworks, one counting server under all: ``python -m benchmarks.runtime``."""
