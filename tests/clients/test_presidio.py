"""Strict comparison with presidio-analyzer and presidio-anonymizer themselves, run beside Vigie."""

import random

import pytest
import requests
from presidio_anonymizer.operators import Decrypt
from reference import Reference

MAIL = "👍 Client, mail paul.garnier@exemple.fr, IBAN FR1420041010050500013M02606, IP 82.64.115.20 👍"


@pytest.fixture(scope="module")
def reference():
    server = Reference()
    yield server.url
    server.stop()


@pytest.fixture
def both(vigie, reference):
    """Sends the same to both; gives Vigie's answer, then Presidio's."""

    def send(path, body):
        answers = [requests.post(f"{url}{path}", json=body, timeout=30) for url in (vigie, reference)]
        for answer in answers:
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "application/json"
        return [answer.json() for answer in answers]

    return send


def shape(value):
    """The same with the type of each value instead of the value."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(member) for member in value]
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


def places(results):
    return sorted((r["start"], r["end"], r["entity_type"]) for r in results)


@pytest.mark.parametrize("text", [MAIL, [MAIL, "RAS", MAIL]])
@pytest.mark.parametrize("explain", [None, False])
def test_results_have_the_same_members_types_and_places(both, text, explain):
    ours, theirs = both("/analyze", {"text": text, "language": "fr", "return_decision_process": explain})
    batches = zip(ours, theirs) if isinstance(text, list) else [(ours, theirs)]
    for mine, its in batches:
        assert places(mine) == places(its)
        assert [shape(r) for r in mine] == [shape(r) for r in its]


def test_an_explanation_has_the_same_members(both):
    ours, theirs = both("/analyze", {"text": MAIL, "language": "fr", "return_decision_process": True})
    for mine, its in zip(ours, theirs):
        assert set(mine["analysis_explanation"]) == set(its["analysis_explanation"])
        assert isinstance(mine["analysis_explanation"]["recognizer"], str)


AD_HOC = [
    {
        "name": "Dossiers",
        "supported_language": "fr",
        "supported_entity": "FILE",
        "patterns": [
            {"name": "long", "regex": r"\bzx-\d{5}\b", "score": 0.5},
            {"name": "court", "regex": r"(?<!\w)zx-\d{2,3}(?!\d)", "score": 0.01},
        ],
        "context": ["dossier", "réf"],
    },
    {"supported_language": "fr", "supported_entity": "CODENAME", "deny_list": ["aigle", "C.O.D.E", "a+b"]},
    {
        "name": "Clients", "supported_language": "fr", "supported_entities": ["CLIENT"], "deny_list": ["ACME SA"],
        "deny_list_score": 0.7, "context": ["client"],
    },
]


@pytest.mark.parametrize(
    "text",
    [
        "Le dossier ZX-12345 et zx-99, puis ZX-1234",
        "👍 Aigle, aigles, C.O.D.E, a+b, CxOxDxE",
        "client : Acme SA / le dossier est long, bien trop long pour compter zx-99999 zx-12",
        "multi\nligne\naigle\nzx-54321",
    ],
)
@pytest.mark.parametrize("explain", [False, True])
@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"context": ["Réf", "projet"]},
        {"score_threshold": 0.5},
        {"entities": ["CODENAME", "CLIENT"]},
        {"allow_list": ["zx-99", "Aigle"]},
        {"allow_list": ["^ZX-1", "o.d"], "allow_list_match": "regex"},
        {"allow_list": ["^ZX-1"], "allow_list_match": "regex", "regex_flags": 0},
    ],
)
def test_ad_hoc_recognizers_answer_the_same_to_the_letter(both, text, explain, extra):
    body = {"text": text, "language": "fr", "ad_hoc_recognizers": AD_HOC, "return_decision_process": explain, **extra}
    ours, theirs = both("/analyze", body)
    for result in theirs:
        explained = result["analysis_explanation"]
        if explained and explained["pattern_name"] == "deny_list":
            # The same words, put differently: lookarounds instead of alternatives.
            next(r for r in ours if r["start"] == result["start"])["analysis_explanation"]["pattern"] = explained["pattern"]
    assert sorted(ours, key=repr) == sorted(theirs, key=repr)


OPERATORS = [
    {"type": "replace", "new_value": "ÉTÉ"},
    {"type": "replace"},
    {"type": "replace", "new_value": ""},
    {"type": "redact"},
    {"type": "keep"},
    {"type": "mask", "masking_char": "*", "chars_to_mask": 4, "from_end": True},
    {"type": "mask", "masking_char": "é", "chars_to_mask": 100, "from_end": False},
    {"type": "mask", "masking_char": "", "chars_to_mask": 2, "from_end": False},
    {"type": "mask", "masking_char": "x", "chars_to_mask": -3, "from_end": True},
    {"type": "hash", "salt": "0123456789abcdef"},
    {"type": "hash", "hash_type": "sha512", "salt": "sel très très long"},
]


def test_anonymize_answers_the_same_for_a_thousand_overlaps(both):
    draw = random.Random(7)
    for number in range(1000):
        text = "".join(draw.choice("ab é👍\n  ") for _ in range(draw.randint(0, 30)))
        results = []
        for _ in range(draw.randint(0, 7)):
            start = draw.randint(0, len(text))
            end = draw.randint(start, len(text))
            score = draw.choice([0.1, 0.5, 0.5, 1, 0.85])
            results.append({"entity_type": draw.choice("ABC"), "start": start, "end": end, "score": score})
        operators = {name: draw.choice(OPERATORS) for name in ["A", "B", "DEFAULT"] if draw.random() < 0.6}
        body = {"text": text, "analyzer_results": results, "anonymizers": operators}
        ours, theirs = both("/anonymize", body)
        assert ours == theirs, (number, body)


@pytest.mark.parametrize("size", [16, 24, 32])
def test_what_vigie_encrypts_presidio_decrypts(vigie, size):
    key = "é" + "k" * (size - 2)
    result = {"entity_type": "A", "start": 7, "end": 17, "score": 1}
    body = {"text": "Client diabétique", "analyzer_results": [result], "anonymizers": {"A": {"type": "encrypt", "key": key}}}
    answer = requests.post(f"{vigie}/anonymize", json=body, timeout=30).json()
    assert Decrypt().operate(answer["items"][0]["text"], {"key": key}) == "diabétique"


@pytest.mark.parametrize(("hash_type", "digits"), [("sha256", 64), ("sha512", 128)])
def test_hashes_without_a_salt_differ_in_both(both, hash_type, digits):
    result = {"entity_type": "A", "start": 0, "end": 2, "score": 1}
    body = {"text": "ab", "analyzer_results": [result], "anonymizers": {"A": {"type": "hash", "hash_type": hash_type}}}
    ours, theirs = both("/anonymize", body)
    assert shape(ours) == shape(theirs)
    assert len(ours["text"]) == len(theirs["text"]) == digits and ours["text"] != theirs["text"]


def test_what_one_finds_the_other_anonymizes(vigie, reference):
    found = requests.post(f"{vigie}/analyze", json={"text": MAIL, "language": "fr"}, timeout=30).json()
    body = {"text": MAIL, "analyzer_results": found}
    texts = [requests.post(f"{url}/anonymize", json=body, timeout=30).json()["text"] for url in (vigie, reference)]
    assert texts[0] == texts[1] == "👍 Client, mail <EMAIL_ADDRESS>, IBAN <IBAN_CODE>, IP <IP_ADDRESS> 👍"


@pytest.mark.parametrize(
    "operator",
    [{"type": "hash", "salt": "short"}, {"type": "encrypt", "key": "short"}, {"type": "mask"}, {"type": "unknown"}],
)
def test_what_presidio_refuses_is_refused(vigie, operator):
    result = {"entity_type": "A", "start": 0, "end": 2, "score": 1}
    body = {"text": "ab", "analyzer_results": [result], "anonymizers": {"A": operator}}
    answer = requests.post(f"{vigie}/anonymize", json=body, timeout=30)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
