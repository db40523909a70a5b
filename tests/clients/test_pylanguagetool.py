"""PyPI `pylanguagetool`."""

import pytest
from pylanguagetool import api

TEXT = "Client diabétique, délégué CGT"


def test_languages_and_matches(vigie):
    assert {"name": "French", "code": "fr", "longCode": "fr"} in api.get_languages(f"{vigie}/v2/")
    answer = api.check(TEXT, api_url=f"{vigie}/v2/", lang="fr")
    assert [m["rule"]["category"]["id"] for m in answer["matches"]] == ["HEALTH", "TRADE_UNION"]
    assert set(answer) >= {"software", "warnings", "language", "matches"}
    # The members its own documentation shows.
    assert set(answer["matches"][0]) >= {
        "message", "shortMessage", "replacements", "offset", "length", "context", "sentence", "type", "rule",
        "ignoreForIncompleteSentence", "contextForSureMatch",
    }


def test_its_options(vigie):
    def categories(**options):
        answer = api.check(TEXT, api_url=f"{vigie}/v2/", lang="auto", **options)
        return [m["rule"]["category"]["id"] for m in answer["matches"]]

    assert categories(preferred_variants="fr-FR", mother_tongue="fr", picky=True)[0] == "HEALTH"
    assert categories(disabled_categories="HEALTH,TYPOS") == ["TRADE_UNION"]
    assert categories(enabled_categories="HEALTH", enabled_only=True) == ["HEALTH"]
    assert categories(pwl=["diabétique"]) == ["TRADE_UNION"]


def test_a_refusal_is_an_error_with_its_reason(vigie):
    with pytest.raises(ValueError, match="language"):
        api.check(TEXT, api_url=f"{vigie}/v2/", lang="de")
