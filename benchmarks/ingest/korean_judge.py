"""Run by the peers' interpreter: which edges of chunks stand inside a Korean sentence, as kiwipiepy sees sentences.

stdin: a JSON list of [line, offset]; stdout: a JSON list of the places in it that are inside.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    from kiwipiepy import Kiwi

    model = Kiwi(num_workers=1)
    edges = json.load(sys.stdin)
    inside = [
        place
        for place, (line, offset) in enumerate(edges)
        if any(sentence.start < offset < sentence.end for sentence in model.split_into_sents(line))
    ]
    print(json.dumps(inside))


if __name__ == "__main__":
    main()
