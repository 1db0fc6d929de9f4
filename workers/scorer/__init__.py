"""scorer: scores answers, compares arms, writes the report."""
