"""Learns what words weigh, from sentences and published pages: rules/data/weights.tsv.

    pip install scikit-learn
    python tools/learn_weights.py FOLDER FOLDER [FOLDER ...]

The folders hold published pages (.md, .rst, .txt, .html …) of different houses: what must not be
told. The sentences are in benchmarks/sentences: leaks, each behind its class in brackets, and
harmless ones. For each column a logistic regression tells the sentences of its classes from those
of the pages and from the harmless ones. Where it tells from is set by pages it has not seen: what
has learned from every other folder tells one of `RARE` pages of the rest. Takes some minutes.
"""

from __future__ import annotations

import re
import sys
from array import array
from binascii import crc32
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import chain
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from leakguard import weights

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = {
    "case": ("legal", "hr"),
    "claim": ("promise",),
    "figures": ("mnpi",),
    "hole": ("incident", "vulnerability"),
    "illness": ("clinical",),
    "note": ("embargo", "remove", "reviewer", "transcript", "banner"),
    "plan": ("roadmap", "customer"),
}
RARE = 7_000  # of so many pages one may be told by a column
LEAST_SEEN = 2  # a word stands in so many sentences at least, or weighs nothing
LEAST = 0.1  # and weighs so much at least
LEAD_RATIO = 14  # a lead is so many times as frequent in sentences as in pages
LENIENT = 3.0  # a sentence counts as much as so many of the pages'
SMOOTH = 0.3
HARD = -4.0  # pages' sentences of this weight and more are learned from
SAMPLE = 60_000  # and so many of a folder's others
LARGEST = 400_000  # bytes of a page
AT_ONCE = 200  # pages
_CODE = re.compile(
    r"(?ms)^[ \t]*(```|~~~).*?^[ \t]*\1[ \t]*$|<(pre|script|style)\b.*?</\2>",
)
Words = tuple[list[str], list[str]]
Row = tuple[int, list[int]]  # a sentence: how many words, and which of what is known


class Texts:
    """Sentences as rows of what in them may weigh something, and the pages they are of."""

    def __init__(self, width: int, pages: Iterable[list[Row]]) -> None:
        places, columns, lengths, numbers = array("q", [0]), array("i"), array("f"), array("i")
        for number, rows in enumerate(pages):
            for length, known in rows:
                columns.extend(known)
                places.append(len(columns))
                lengths.append(length / 10)
                numbers.append(number)
        ones = np.ones(len(columns), dtype=np.float32)
        shape = len(lengths), width
        matrix = sparse.csr_matrix((ones, np.asarray(columns), np.asarray(places)), shape=shape)
        length = sparse.csr_matrix(np.asarray(lengths)[:, None])
        self.rows = sparse.hstack([matrix, length]).tocsr()
        self.pages = np.asarray(numbers)

    def heaviest(self, scores: np.ndarray) -> np.ndarray:
        """The row of each page that weighs most, in the order of pages."""
        order = np.lexsort((scores, self.pages))
        last = np.r_[self.pages[order][1:] != self.pages[order][:-1], True]
        return order[last]


def rows_of(known: Mapping[str, int], sentences: Iterable[Words]) -> list[Row]:
    """Sentences as rows."""
    return [
        (len(plain), [known[one] for one in weights.features(plain, written) if one in known])
        for plain, written in sentences
    ]


def split(text: str) -> list[Words]:
    """The sentences of a text, as words."""
    found = [weights.words(text[first:last]) for first, last in weights.sentences(text)]
    return [words for words in found if len(words[0]) > 3] or [weights.words(text)]


def read(known: Mapping[str, int], some: Sequence[Path]) -> list[list[Row]]:
    """The sentences of published pages, without their code."""
    found = []
    for path in some:
        with suppress(UnicodeDecodeError):
            found.append(rows_of(known, split(_CODE.sub("\n\n", path.read_text(encoding="utf-8")))))
    return found


def paths(folder: str) -> list[Path]:
    """The pages of a folder."""
    found = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return [path for path in found if path.stat().st_size <= LARGEST]


def told_lines() -> tuple[list[str], list[list[Words]], list[list[Words]]]:
    """The classes of leaks, their sentences, and those of harmless lines."""
    folder = ROOT / "benchmarks" / "sentences"
    classes, leaks, harmless = [], [], []
    for path in sorted(folder.glob("leaks-*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, text = line.removeprefix("[").partition("] ")
            classes.append(name)
            leaks.append(split(text))
    for path in sorted(folder.glob("harmless-*.txt")):
        harmless += [split(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return classes, leaks, harmless


def vocabulary(leaks: Sequence[list[Words]]) -> dict[str, int]:
    """What stands in leaks often enough to weigh something."""
    seen: Counter[str] = Counter()
    for sentences in leaks:
        seen.update(set().union(*(weights.features(*words) for words in sentences)))
    kept = sorted(word for word, count in seen.items() if count >= LEAST_SEEN)
    return {word: number for number, word in enumerate(kept)}


def learned(
    leaks: Texts, wanted: np.ndarray, harmless: Texts, folders: Sequence[Texts]
) -> tuple[np.ndarray, float]:
    """What words weigh that tell the wanted leaks from all else, and what a sentence begins with.

    A leak may be several sentences, of which one says it: the one that weighs most. What the pages
    have that weighs much is looked for twice, and learned from.
    """
    chance = np.random.default_rng(1)
    samples = [np.sort(chance.choice(f.rows.shape[0], SAMPLE, replace=False)) for f in folders]
    against = [harmless.rows, *(f.rows[s] for f, s in zip(folders, samples, strict=True))]
    own = leaks.rows[np.isin(leaks.pages, wanted)]
    for last in (False, False, True):
        negative = sparse.vstack(against)
        rows = sparse.vstack([own, negative]).tocsr()
        kinds = np.r_[np.ones(own.shape[0]), np.zeros(negative.shape[0])]
        counts = np.r_[np.full(own.shape[0], LENIENT), np.ones(negative.shape[0])]
        model = LogisticRegression(C=SMOOTH, max_iter=200, solver="liblinear")
        model.fit(rows, kinds, sample_weight=counts)
        found, start = model.coef_[0].astype(np.float32), float(model.intercept_[0])
        found[:-1][abs(found[:-1]) < LEAST] = 0
        if last:
            break
        heaviest = leaks.heaviest(leaks.rows @ found)
        own = leaks.rows[heaviest[wanted]]
        against += [f.rows[np.nonzero(f.rows @ found + start > HARD)[0][:SAMPLE]] for f in folders]
    return found, start


def threshold(found: np.ndarray, start: float, folders: Sequence[Texts]) -> float:
    """The weight that one of `RARE` pages reaches."""
    tops = []
    for folder in folders:
        scores = folder.rows @ found + start
        tops.append(scores[folder.heaviest(scores)])
    heaviest = np.sort(np.concatenate(tops))[::-1]
    return float(heaviest[round(len(heaviest) / RARE)])


def leads(known: dict[str, int], leaks: Texts, folders: Sequence[Texts]) -> list[str]:
    """The words that stand far more often in leaks than in pages."""
    words = [word for word in known if word.isascii() and word.isalpha() and len(word) > 1]
    at = [known[word] for word in words]
    often = np.asarray(leaks.rows[:, at].sum(0)).ravel() / leaks.rows.shape[0]
    total = sum(folder.rows.shape[0] for folder in folders)
    public = sum(np.asarray(folder.rows[:, at].sum(0)).ravel() for folder in folders) / total
    return [w for w, a, b in zip(words, often, public, strict=True) if a > LEAD_RATIO * (b + 2e-5)]


def main(asked: Sequence[str]) -> None:
    """Learn, say how, and write the table."""
    classes, lines, harmless_lines = told_lines()
    known = vocabulary(lines)
    leaks = Texts(len(known), (rows_of(known, line) for line in lines))
    harmless = Texts(len(known), (rows_of(known, line) for line in harmless_lines))
    folders = []
    with Pool() as pool:
        for folder in asked:
            pages = paths(folder)
            parts = [pages[at : at + AT_ONCE] for at in range(0, len(pages), AT_ONCE)]
            found = chain.from_iterable(pool.imap(partial(read, known), parts))
            folders.append(Texts(len(known), found))
            print(f"{folder}: {len(pages)} pages, {len(folders[-1].pages)} sentences", flush=True)
    columns: dict[str, tuple[np.ndarray, float]] = {}
    for column, names in COLUMNS.items():
        wanted = np.array([number for number, name in enumerate(classes) if name in names])
        halves = folders[::2], folders[1::2]
        tops = []
        for own, others in (halves, halves[::-1]):
            tops.append(threshold(*learned(leaks, wanted, harmless, own), others))
        found, start = learned(leaks, wanted, harmless, folders)
        columns[column] = found, start - sum(tops) / len(tops)
        print(f"{column}: told from {tops[0]:.1f} and {tops[1]:.1f} on", flush=True)
    write(known, columns, leads(known, leaks, folders), len(lines), len(harmless_lines), folders)


def write(
    known: dict[str, int],
    columns: dict[str, tuple[np.ndarray, float]],
    leading: Sequence[str],
    *counts: object,
) -> None:
    """The table, behind what says how it was made."""
    lines, harmless, folders = counts
    pages = sum(len(set(folder.pages.tolist())) for folder in folders)  # type: ignore[attr-defined]
    body = ["\t".join(["", *columns])]
    for word, number in sorted(known.items()):
        steps = [f"{found[number]:.2f}" if found[number] else "" for found, _ in columns.values()]
        if any(steps):
            body.append("\t".join([word, *steps]))
    rest = [
        "\t".join(["# start", *(f"{start:.3f}" for _, start in columns.values())]),
        "\t".join(["# each", *(f"{found[-1] / 10:.4f}" for found, _ in columns.values())]),
        "\t".join(["# leads", *leading]),
        *body,
        "",
    ]
    mark = crc32("\n".join(rest).encode())  # what is made of this table is told from others by it
    head = (
        f"# learned\t{date.today()} {mark:08x} from {lines} sentences, {harmless} harmless ones "
        f"and those of {pages} published pages (tools/learn_weights.py)"
    )
    path = ROOT / "rules" / "data" / "weights.tsv"
    path.write_text("\n".join([head, *rest]), encoding="utf-8")
    print(f"{path}: {len(body) - 1} words, {len(leading)} leads")


if __name__ == "__main__":
    main(sys.argv[1:])
