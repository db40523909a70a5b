"""PyPI `language-tool-python`, its address changed and nothing else."""

import language_tool_python
import pytest

TEXT = "👍 Client diabétique, délégué CGT. Livraison le matin 👍"


@pytest.fixture
def tool(vigie):
    return language_tool_python.LanguageTool("fr-FR", remote_server=vigie)


def test_matches_are_found_where_python_counts(tool):
    matches = tool.check(TEXT)
    assert [m.category for m in matches] == ["HEALTH", "TRADE_UNION"]
    first = matches[0]
    assert TEXT[first.offset : first.offset + first.error_length] == "diabétique"
    # Its own `matched_text` miscounts in a context with an emoji, whatever the server.
    assert tool.check(TEXT.replace("👍", ""))[0].matched_text == "diabétique"
    assert "RGPD" in first.message
    assert first.replacements[0] == "[santé]"
    assert first.rule_issue_type == "non-conformance"
    assert first.sentence == "👍 Client diabétique, délégué CGT."
    assert first.get_line_and_column(TEXT)[0] == 1


def test_corrected_blindly_it_is_the_redacted_note(tool):
    assert tool.correct(TEXT) == "👍 Client [santé], [appartenance syndicale]. Livraison le matin 👍"
    assert tool.correct("RAS") == "RAS"


def test_rules_and_categories_are_switched_off(tool):
    rule = tool.check(TEXT)[0].rule_id
    tool.disabled_rules = {rule, "UPPERCASE_SENTENCE_START"}
    assert [m.category for m in tool.check(TEXT)] == ["TRADE_UNION"]
    tool.disabled_rules = set()
    tool.disabled_categories = {"TRADE_UNION"}
    assert [m.category for m in tool.check(TEXT)] == ["HEALTH"]
    tool.disabled_categories = set()
    tool.enabled_rules = {rule}
    tool.enabled_rules_only = True
    assert [m.category for m in tool.check(TEXT)] == ["HEALTH"]


def test_other_settings_are_taken(tool):
    tool.picky = True
    tool.mother_tongue = "fr"
    assert len(tool.check(TEXT)) >= 2
    tool.language = "auto"
    tool.preferred_variants = {"fr-FR"}
    assert len(tool.check(TEXT)) >= 2


def test_a_refusal_is_no_clean_text(tool):
    # It looks for `matches` in a refusal that is JSON, instead of at the status.
    with pytest.raises((language_tool_python.exceptions.LanguageToolError, KeyError)):
        tool.check("x" * 200_000)
