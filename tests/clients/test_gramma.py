"""npm `gramma`, run by node."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import STRICT, tool

HERE = Path(__file__).parent
MODULE = Path(os.environ.get("VIGIE_CLIENTS_NODE", HERE / "node_modules")) / "gramma"


def gramma(url, text, language="fr", markdown=False, key=""):
    node = tool("node", "nodejs")
    if not MODULE.is_dir():
        (pytest.fail if STRICT else pytest.skip)("NOT TESTED: npm's gramma is not installed")
    arguments = [f"{url}/v2/check", language, str(markdown).lower(), text, key]
    environment = {**os.environ, "GRAMMA": str(MODULE)}
    return subprocess.run(
        [node, str(HERE / "gramma.js"), *arguments], capture_output=True, text=True, env=environment, timeout=60
    )


@pytest.mark.parametrize("language", ["fr", "en-US"])
def test_a_text_is_checked_and_corrected(vigie, language):
    run = gramma(vigie, "👍 Client diabétique & délégué CGT", language)
    assert json.loads(run.stdout) == {
        "words": ["diabétique", "délégué CGT"],
        "text": "👍 Client [santé] & [appartenance syndicale]",
    }


def test_markdown_is_sent_as_annotation_and_its_marks_stay(vigie):
    run = gramma(vigie, "# Note\n\nClient **diabétique**, [page](http://exemple.fr) `code` 👍 délégué CGT\n", markdown=True)
    answer = json.loads(run.stdout)
    assert answer["words"] == ["diabétique", "délégué CGT"]
    assert answer["text"].startswith("# Note\n\nClient **[santé]**, [page](http://exemple.fr) `code` 👍 [appartenance")


def test_a_key_is_asked_for_and_taken(keyed):
    url, key = keyed
    assert gramma(url, "Client diabétique").returncode == 1
    assert json.loads(gramma(url, "Client diabétique", key=key).stdout)["words"] == ["diabétique"]
