"""How much work fixed texts make, counted and not timed: the same on every machine.

Each row of `CEILINGS` is a way through the product, with what was counted when it was last renewed and
a little on top. What grows past a ceiling has to be mended, or the ceiling raised on purpose; what
falls far below one has it lowered. `python tests/test_work.py` prints the table anew.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from house import ROOT

import leakguard
from leakguard import needs, patterns, readers
from leakguard.engines import aho, hyper
from leakguard.matcher import Matcher
from leakguard.model import Blob, Document, Origin

CEILINGS: dict[str, dict[str, int]] = {
    "one post, all packs": {
        "alternatives asked": 408,
        "characters decoded": 1_347,
        "confirmations": 49,
        "starts tried": 3_325,
    },
    "20 posts, all packs": {
        "alternatives asked": 8_164,
        "characters decoded": 26_936,
        "confirmations": 988,
        "starts tried": 66_508,
    },
    "300 posts, 200 terms": {
        "bytes sifted": 667_615,
        "nominations": 0,
    },
    "300 posts, 2,000 terms": {
        "bytes sifted": 667_615,
        "nominations": 0,
    },
    "300 posts with two names each": {
        "bytes sifted": 672_009,
        "characters decoded": 404_040,
        "nominations": 2_340,
        "texts searched to be shown": 390,
    },
    "300 posts, patterns by Hyperscan": {
        "bytes sifted": 1_584_856,
        "characters decoded": 404_040,
        "confirmations": 2_340,
        "nominations": 8_190,
        "starts tried": 33_930,
    },
    "40 versions of a long text, all packs": {
        "alternatives asked": 13_062,
        "characters decoded": 2_370_368,
        "confirmations": 10_730,
        "starts tried": 761_901,
    },
    "the hook, one post": {
        "modules of leakguard": 58,
        "other modules": 44,
    },
}

ROOM = 1.3  # what `main` puts on top
LOOSE = 4
# What the hook must never import: each costs more than all of its own modules.
FORBIDDEN = (
    "asyncio", "click", "contextlib", "dataclasses", "email", "hyperscan", "importlib.metadata",
    "inspect", "logging", "multiprocessing", "pathspec", "pyrage", "subprocess", "tomllib", "typing",
    "zipfile",
)  # fmt: skip

POST = """\
# Release {n}: retries that know when to stop

Published 2026-03-{day:02} · updated 11 November 2026 · 7 minutes

A retry is cheap to write and dear to run: [each one](https://example.com/retries?n={n}) asks a
service that just said *no* to say it again. Version 4.{n}.1 waits {ms} ms, then doubles, up to
{ms}0 ms. In our tests 99.{n} % of 1,2{n}0,000 requests got through, at $0.{n} for a thousand.

| plan    | requests | price per month |
|---------|---------:|----------------:|
| starter |   10,000 |          $ 9.00 |
| team    |  250,000 |         $ 49.00 |

> "We would do it again," says the person who wrote it, and calls 0{n}/555-01{day:02} for help.

```python
def retry(call, *, times={n}, wait=0.{n}):
    for attempt in range(times):  # order 20260{n}17-{ms}
        if (answer := call()) is not None:
            return answer
```

The grey heron of our logo stays. Thank the team on <team@example.com> or read RFC 9110, section 9.2.{n}, and issue #1{ms}. The
internal name of the queue is `retry_queue_v{n}`; the patient reader finds ISBN 978-3-16-148410-0.
"""


def texts(count: int) -> list[Blob]:
    """Posts of about 1.3 kB, each a little different."""
    made = []
    for n in range(count):
        text = POST.format(n=n % 9 + 1, day=n % 28 + 1, ms=250 + n)
        made.append(Blob(Origin("file", f"{n}.md"), partial(io.BytesIO, text.encode())))
    return made


def terms(count: int) -> leakguard.Pack:
    chance = random.Random(7)
    letters = "bcdfghklmnprstvz"
    names = {"".join(chance.choices(letters, k=7)) + " heron" for _ in range(count)}
    rule = '[[rule]]\nid = "r"\ntitle = "t"\nwhy = "w"\nseverity = "high"\nmatch = "loose"\n'
    return leakguard.Pack.from_toml(f'[pack]\nname = "p"\n{rule}terms = {sorted(names)!r}\n')


PATTERNS = r"""
[pack]
name = "p"

[[rule]]
id = "number"
title = "t"
why = "w"
severity = "high"
pattern = "\\b\\d{3,12}\\b"
near = { words = ["patient number", "retry"], before = 20, after = 0 }
confidence = { near = "high" }
examples = ["patient number 4711"]

[[rule]]
id = "phrase"
title = "t"
why = "w"
severity = "high"
pattern = "(?i)\\b(?:do not|never) (?:share|publish)\\b"
examples = ["Do not publish"]

[[rule]]
id = "name"
title = "t"
why = "w"
severity = "high"
pattern = "\\b\\p{Lu}\\p{Ll}{2,20} \\p{Lu}\\p{Ll}{2,20}"
near = { words = ["patient"] }
confidence = { near = "high" }
examples = ["the patient Blue Heron"]
"""


def counting(patch: pytest.MonkeyPatch) -> Counter[str]:
    """What passes through the doors from now on."""
    work: Counter[str] = Counter()

    def matches(compiled: Any, text: str, first: int, last: int, *rest: Any, **more: Any) -> Any:
        work["confirmations"] += 1
        work["starts tried"] += max(0, last - first + 1)
        return confirm(compiled, text, first, last, *rest, **more)

    def hits(self: aho.Nominator[Any], text: str) -> Iterator[Any]:
        for hit in nominate(self, text):
            work["nominations"] += 1
            yield hit

    def of_branch(self: needs.Seen, *rest: Any) -> Any:
        work["alternatives asked"] += 1
        return ask(self, *rest)

    def scan(self: hyper.Database, data: bytes) -> Any:
        found = sift(self, data)
        work["bytes sifted"] += len(data)
        work["nominations"] += len(found)
        return found

    def shows(self: Matcher, *rest: Any) -> None:
        work["derived views"] += 1
        show(self, *rest)

    def spans(self: Matcher, text: str) -> Any:
        work["texts searched to be shown"] += 1
        return mask(self, text)

    def read(blob: Blob) -> Iterator[Any]:
        for made in understand(blob):
            yield made._replace(chunks=heard(made.chunks)) if isinstance(made, Document) else made

    def whole(data: bytes, name: str) -> Any:
        made = take(data, name)
        work["characters decoded"] += len(made[0]) if made else 0
        return made

    def heard(chunks: Callable[[], Any]) -> Callable[[], Any]:
        def through() -> Iterator[Any]:
            for chunk in chunks():
                work["characters decoded"] += len(chunk.text)
                yield chunk

        return through

    confirm, nominate = patterns.matches, aho.Nominator.hits
    sift, understand, take = hyper.Database.scan, readers.read, readers.whole
    ask = needs.Seen._of_branch
    patch.setattr(needs.Seen, "_of_branch", of_branch)
    show, mask = Matcher._search_view, Matcher.spans
    patch.setattr(Matcher, "_search_view", shows)
    patch.setattr(Matcher, "spans", spans)
    patch.setattr(patterns, "matches", matches)
    patch.setattr(aho.Nominator, "hits", hits)
    patch.setattr(hyper.Database, "scan", scan)
    patch.setattr(readers, "read", read)
    patch.setattr(readers, "whole", whole)
    return work


def screened(blobs: list[Blob], patch: pytest.MonkeyPatch, **more: Any) -> Counter[str]:
    """What was counted while the blobs were screened; making ready does not count."""
    guard = leakguard.compile(**more)
    guard.screen(blobs[:1])
    work = counting(patch)
    guard.screen(blobs)
    return work


def long_history(patch: pytest.MonkeyPatch) -> Counter[str]:
    """Forty versions of a text of 26 kB, with one new line each."""
    text = "".join(blob.open().read().decode() for blob in texts(20))
    versions = [
        Blob(Origin("commit", "a.md"), partial(io.BytesIO, text.encode()), ((n * 15, n * 15),))
        for n in range(1, 41)
    ]
    guard = leakguard.compile()
    work = counting(patch)
    guard.screen(versions, old=False)
    return work


def hooked(patch: pytest.MonkeyPatch) -> Counter[str]:
    """Modules that the hook has imported when it is done with one clean post."""
    done = subprocess.run(
        [sys.executable, "-c", HOOK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = done.stdout.split()
    assert not set(FORBIDDEN) & set(names)
    own = sum(name.partition(".")[0] == "leakguard" for name in names)
    return Counter({"modules of leakguard": own, "other modules": len(names) - own})


HOOK = """
import sys
before = set(sys.modules)
from leakguard import hook
code = hook.run(hook.as_hook(hook.parse(["LICENSE"])))
assert code == 0, code
sys.stdout.write(" ".join(set(sys.modules) - before))
"""

NAMES = """
[pack]
name = "p"
[[rule]]
id = "r"
title = "t"
why = "w"
severity = "high"
match = "loose"
common = false
terms = ["Grey Heron", "Retry Queue"]
"""

WAYS: dict[str, Callable[[pytest.MonkeyPatch], Counter[str]]] = {
    "one post, all packs": lambda patch: screened(texts(1), patch),
    "20 posts, all packs": lambda patch: screened(texts(20), patch),
    "300 posts, 200 terms": lambda patch: screened(texts(300), patch, packs=[terms(200)]),
    "300 posts, 2,000 terms": lambda patch: screened(texts(300), patch, packs=[terms(2000)]),
    "300 posts with two names each": lambda patch: screened(
        texts(300), patch, packs=[leakguard.Pack.from_toml(NAMES)], engine="hyper"
    ),
    "300 posts, patterns by Hyperscan": lambda patch: screened(
        texts(300), patch, packs=[leakguard.Pack.from_toml(PATTERNS)], engine="hyper"
    ),
    "40 versions of a long text, all packs": long_history,
    "the hook, one post": hooked,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_more_work_than_before(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "bytes sifted" in CEILINGS[way] and not hyper.is_available():
        pytest.skip("Hyperscan is not available here")
    counted = WAYS[way](monkeypatch)
    ceilings = CEILINGS[way]
    grown = {what: n for what, n in counted.items() if n > ceilings.get(what, 0)}
    assert not grown, f"more than {ceilings}"
    loose = {what: counted[what] for what, most in ceilings.items() if LOOSE * counted[what] < most}
    assert not loose, f"far below {ceilings}: lower them"


def main() -> None:
    """Print the table as it is now."""
    rows = ["CEILINGS: dict[str, dict[str, int]] = {"]
    for way, count in WAYS.items():
        with pytest.MonkeyPatch.context() as patch:
            counted = sorted(count(patch).items())
        lines = (f'        "{what}": {round(number * ROOM):_},' for what, number in counted)
        rows += [f'    "{way}": {{', *lines, "    },"]
    sys.stdout.write("\n".join([*rows, "}", ""]))


if __name__ == "__main__":
    main()
