"""Models that answer in place of Amazon Bedrock's: each engine is a package behind one small contract."""
