"""Presidio's pattern recognisers on texts, one JSON string a line; spans come back the same way.

Run by quality.py with the interpreter of an environment that has presidio-analyzer: a
threshold, and "all" for the recognisers of every country, which are off unless switched on. A blank
tokeniser stands in for the language model: patterns, checksums and context words need no more.
"""

import inspect
import json
import sys

import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    PatternRecognizer,
    RecognizerRegistry,
    predefined_recognizers,
)
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from spacy.language import Language


@Language.component("lower_lemma")
def lower_lemma(doc):
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class Blank(SpacyNlpEngine):
    """Tokens, and their small letters as lemmas."""

    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        nlp = spacy.blank("en")
        nlp.max_length = 50_000_000
        nlp.add_pipe("lower_lemma")
        self.nlp = {"en": nlp}

    def load(self):
        pass


def analyzer(everywhere):
    """The recognisers that are on for English, or those of all countries too."""
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    on = [r for r in registry.recognizers if isinstance(r, PatternRecognizer)]
    if everywhere:
        known = {type(r) for r in on}
        kinds = (k for _, k in inspect.getmembers(predefined_recognizers, inspect.isclass))
        more = [k for k in kinds if issubclass(k, PatternRecognizer) and k is not PatternRecognizer]
        on += [k(supported_language="en") for k in more if k not in known]
    registry.recognizers = on
    return AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])


def main():
    engine = analyzer(everywhere="all" in sys.argv[2:])
    for line in sys.stdin:
        text = json.loads(line)
        results = engine.analyze(text, language="en", score_threshold=float(sys.argv[1]))
        print(json.dumps([[r.entity_type, r.start, r.end] for r in results]))


if __name__ == "__main__":
    main()
