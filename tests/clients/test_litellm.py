"""LiteLLM's Presidio guardrail, its two addresses changed and nothing else."""

import asyncio
import json
from urllib.parse import urlsplit

import pytest
from litellm.caching.caching import DualCache
from litellm.exceptions import BlockedPiiEntityError
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.guardrails.guardrail_hooks.presidio import _OPTIONAL_PresidioPIIMasking as Guardrail

TEXT = "👍 Résume : client diabétique, délégué CGT, mail paul.garnier@exemple.fr, tél 06 12 34 56 78"


def guardrail(url, **settings):
    return Guardrail(
        guardrail_name="vigie", presidio_analyzer_api_base=url, presidio_anonymizer_api_base=url, **settings
    )


def sent(hook, *contents):
    """What the model would be sent of these messages."""
    data = {"messages": [{"role": "user", "content": content} for content in contents], "model": "none", "metadata": {}}
    answer = asyncio.run(hook.async_pre_call_hook(UserAPIKeyAuth(), DualCache(), data, "completion"))
    return [message["content"] for message in answer["messages"]]


def test_messages_are_masked_before_the_model_sees_them(vigie):
    masked = "👍 Résume : client <HEALTH>, <TRADE_UNION>, mail <EMAIL_ADDRESS>, tél <PHONE_NUMBER>"
    assert sent(guardrail(vigie), TEXT, "Bonjour") == [masked, "Bonjour"]
    assert sent(guardrail(vigie, presidio_language="fr"), TEXT) == [masked]


def test_entities_and_thresholds_of_its_settings(vigie):
    chosen = guardrail(vigie, pii_entities_config={"EMAIL_ADDRESS": "MASK", "PERSON": "MASK"})
    assert sent(chosen, TEXT)[0].endswith("mail <EMAIL_ADDRESS>, tél 06 12 34 56 78")
    sure = guardrail(vigie, presidio_score_thresholds={"ALL": 1.1})
    assert sent(sure, TEXT) == [TEXT]
    blocking = guardrail(vigie, pii_entities_config={"HEALTH": "BLOCK"})
    with pytest.raises(BlockedPiiEntityError):
        sent(blocking, TEXT)


def test_ad_hoc_recognizers_of_its_settings(vigie, tmp_path):
    path = tmp_path / "recognizers.json"
    pattern = {"name": "zx", "regex": "ZX-\\d+", "score": 0.9}
    path.write_text(json.dumps([{"supported_language": "en", "supported_entity": "FILE", "patterns": [pattern]}]))
    assert sent(guardrail(vigie, presidio_ad_hoc_recognizers=str(path)), "Dossier ZX-12") == ["Dossier <FILE>"]


def test_a_key_goes_with_the_address(keyed):
    url, key = keyed
    with_key = f"http://litellm:{key}@{urlsplit(url).netloc}"
    assert sent(guardrail(with_key), "Client diabétique") == ["Client <HEALTH>"]


def test_a_refusal_lets_nothing_through(keyed):
    url, _ = keyed
    with pytest.raises(Exception, match="401"):
        sent(guardrail(url, pii_entities_config={"HEALTH": "MASK"}), "Client diabétique")


def test_a_text_longer_than_a_note_is_analyzed_in_pieces(vigie):
    hook = guardrail(vigie, presidio_analyze_chunk_size_bytes=50_000)
    filler = "Livraison le matin. " * 10_000
    assert sent(hook, f"{filler}Client diabétique. {filler}") == [f"{filler}Client <HEALTH>. {filler}"]
