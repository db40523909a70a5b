"""Presidio's own engines behind HTTP, as its web application (which its packages leave out) puts them there: the answers
of `/analyze` and `/anonymize` are the engines' own JSON. Words come from a blank pipeline, so that no model is needed."""

import json
import threading

import spacy
import tldextract
from flask import Flask, Response, request
from presidio_analyzer import AnalyzerEngine, AnalyzerRequest, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from presidio_analyzer.predefined_recognizers import EmailRecognizer, IbanRecognizer, IpRecognizer
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.services.app_entities_convertor import AppEntitiesConvertor
from werkzeug.serving import make_server

# The list of top-level domains that its package holds, instead of one from the network.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())


class Words(NlpEngine):
    """Words and nothing else."""

    def __init__(self):
        self.nlp = spacy.blank("fr")

    def load(self):
        pass

    def is_loaded(self):
        return True

    def process_text(self, text, language):
        doc = self.nlp(text)
        words = [token.text.lower() for token in doc]
        places = [token.idx for token in doc]
        return NlpArtifacts([], doc, places, words, self, language)

    def process_batch(self, texts, language, **_):
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word, language):
        return False

    def is_punct(self, word, language):
        return not any(letter.isalnum() for letter in word)

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["fr"]


def application():
    kinds = [EmailRecognizer, IbanRecognizer, IpRecognizer]
    registry = RecognizerRegistry([kind(supported_language="fr") for kind in kinds], supported_languages=["fr"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=Words(), supported_languages=["fr"])
    anonymizer = AnonymizerEngine()
    app = Flask("reference")

    @app.post("/analyze")
    def analyze():
        asked = AnalyzerRequest(request.get_json())
        many = isinstance(asked.text, list)
        results = []
        for text in asked.text if many else [asked.text]:
            found = analyzer.analyze(
                text=text,
                language=asked.language,
                entities=asked.entities,
                score_threshold=asked.score_threshold,
                return_decision_process=asked.return_decision_process,
                ad_hoc_recognizers=asked.ad_hoc_recognizers,
                context=asked.context,
                allow_list=asked.allow_list,
                allow_list_match=asked.allow_list_match,
                regex_flags=asked.regex_flags,
            )
            for result in found:
                del result.recognition_metadata
            results.append(found)
        body = json.dumps(results if many else results[0], default=lambda o: o.to_dict(), sort_keys=True)
        return Response(body, content_type="application/json")

    @app.post("/anonymize")
    def anonymize():
        asked = request.get_json()
        result = anonymizer.anonymize(
            text=asked["text"],
            analyzer_results=AppEntitiesConvertor.analyzer_results_from_json(asked.get("analyzer_results")),
            operators=AppEntitiesConvertor.operators_config_from_json(asked.get("anonymizers")),
        )
        return Response(result.to_json(), mimetype="application/json")

    return app


class Reference:
    """The same on a port of its own."""

    def __init__(self):
        self.server = make_server("127.0.0.1", 0, application(), threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
