"""Presidio's pattern recognisers on texts, one JSON string a line; spans come back the same way.

Run by quality.py with the interpreter of an environment that has presidio-analyzer. A blank
tokeniser stands in for the language model: patterns, checksums and context words need no more.
"""

import json
import sys

import spacy
from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry
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


def analyzer():
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.recognizers = [r for r in registry.recognizers if isinstance(r, PatternRecognizer)]
    return AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])


def main():
    engine = analyzer()
    for line in sys.stdin:
        text = json.loads(line)
        results = engine.analyze(text, language="en", score_threshold=float(sys.argv[1]))
        print(json.dumps([[r.entity_type, r.start, r.end] for r in results]))


if __name__ == "__main__":
    main()
