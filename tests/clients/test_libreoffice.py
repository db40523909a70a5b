"""LibreOffice's built-in LanguageTool client, in a headless LibreOffice."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import STRICT, free_port, tool

HERE = Path(__file__).parent
SETTING = "/org.openoffice.Office.Linguistic/GrammarChecking/LanguageTool"
TEXTS = [
    "👍 Client diabétique & délégué CGT, à 100 % + le matin.",
    "Livraison le matin uniquement.",
    "Café\u00a0: « musulman » ; tél\u00a006 12 34 56 78",
]


def profile(folder, url, key):
    values = {"BaseURL": f"{url}/v2", "Username": "anne", "ApiKey": key, "IsEnabled": "true"}
    items = "".join(
        f'<item oor:path="{SETTING}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for name, value in values.items()
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )


def proofread(folder, url, key=""):
    office = tool("soffice", "libreoffice")
    python = os.environ.get("VIGIE_UNO_PYTHON", "/usr/bin/python3")
    if subprocess.run([python, "-c", "import uno"], capture_output=True).returncode != 0:
        (pytest.fail if STRICT else pytest.skip)("NOT TESTED: Debian's python3-uno is not installed")
    profile(folder, url, key)
    port = free_port()
    accept = f"--accept=socket,host=127.0.0.1,port={port};urp;"
    command = [office, f"-env:UserInstallation={folder.as_uri()}", "--headless", "--norestore", "--nologo", accept]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        run = subprocess.run(
            [python, str(HERE / "libreoffice.py"), str(port)],
            input=json.dumps(TEXTS), capture_output=True, text=True, timeout=90,
        )
        assert run.returncode == 0, run.stderr
        process.wait(timeout=30)
        return json.loads(run.stdout)
    finally:
        process.kill()


def words(text, error):
    units = text.encode("utf-16-le")[2 * error["start"] : 2 * (error["start"] + error["length"])]
    return units.decode("utf-16-le")


def test_sensitive_words_are_errors_in_the_right_place(vigie, tmp_path):
    answer = proofread(tmp_path / "profile", vigie)
    assert "fr-FR" in answer["locales"]
    first, second, third = answer["errors"]
    assert [words(TEXTS[0], e) for e in first] == ["diabétique", "délégué CGT"]
    assert first[0]["suggestions"][0] == "[santé]"
    assert "RGPD" in first[0]["full"] + first[0]["short"]
    assert second == []
    assert "06 12 34 56 78" in [words(TEXTS[2], e).replace("\u00a0", " ") for e in third]


def test_the_key_of_its_settings_is_taken_and_another_refused(keyed, tmp_path):
    url, key = keyed
    assert [len(e) > 0 for e in proofread(tmp_path / "right", url, key)["errors"]] == [True, False, True]
    assert proofread(tmp_path / "wrong", url, "vigie_no")["errors"] == [[], [], []]
