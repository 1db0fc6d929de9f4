"""One way to find near duplicates over a file of texts, in a process of its own: the peer's interpreter runs this
file, too, so it imports none of ours but in our own contestants.

    python contestant.py NAME FILE    one JSON line

FILE is JSON with the texts and the planted pairs. All is read before the clock starts.
"""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

Pairs = set[tuple[int, int]]
Finder = Callable[[list[str], float], Pairs]
_NOISE = re.compile(r"[\W_]+")


def groundtune(shard: int = 0, shards: int = 1) -> Finder:
    """Candidates by MinHash, each verified."""
    from shared.text.near_pairs import near_pairs

    def find(texts: list[str], threshold: float) -> Pairs:
        found = near_pairs(texts, threshold, shard=shard, shards=shards)
        return set(zip(found.left.tolist(), found.right.tolist(), strict=True))

    return find


def datasketch() -> Finder:
    """MinHash and MinHashLSH as its documentation shows them, trigrams over the same letters; candidates as they are,
    not verified."""
    from datasketch import MinHash, MinHashLSH

    def find(texts: list[str], threshold: float) -> Pairs:
        index = MinHashLSH(threshold=threshold, num_perm=128)
        pairs = set()
        for place, text in enumerate(texts):
            letters = _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())
            grams = {letters[start : start + 3].encode() for start in range(max(1, len(letters) - 2))}
            minhash = MinHash(num_perm=128)
            minhash.update_batch(grams)
            pairs.update((other, place) for other in index.query(minhash))
            index.insert(place, minhash)
        return pairs

    return find


FINDERS: dict[str, Callable[[], Finder]] = {
    "groundtune": groundtune, "groundtune-quarter": lambda: groundtune(0, 4), "datasketch": datasketch,
}  # fmt: skip


def main() -> None:
    find = FINDERS[sys.argv[1]]()
    given = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    texts, planted = given["texts"], {tuple(pair) for pair in given["planted"]}
    del given
    cpu, wall = time.process_time(), time.perf_counter()
    pairs = find(texts, 0.8)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    told = {"cpu_s": cpu, "wall_s": wall, "peak_kib": _peak_kib(), "pairs": len(pairs)}
    print(json.dumps({**told, "texts": len(texts), "planted": len(planted), "caught": len(planted & pairs)}))


def _peak_kib() -> int:
    """getrusage would keep what the parent held over fork and exec."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
