"""Run by the system's Python, whose `uno` speaks to LibreOffice: proofreads each line of the input with LibreOffice's own
LanguageTool client and prints the errors as JSON. Arguments: PORT."""

import json
import sys
import time

import uno
from com.sun.star.lang import Locale

CLIENT = "org.openoffice.lingu.LanguageToolGrammarChecker"


def connect(port):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.1)
    sys.exit("LibreOffice does not answer")


def main():
    office = connect(int(sys.argv[1]))
    checker = office.ServiceManager.createInstanceWithContext(CLIENT, office)
    answer = {"locales": [f"{locale.Language}-{locale.Country}" for locale in checker.getLocales()], "errors": []}
    for number, text in enumerate(json.load(sys.stdin)):
        # LibreOffice counts in UTF-16 units.
        length = len(text.encode("utf-16-le")) // 2
        result = checker.doProofreading(str(number), text, Locale("fr", "FR", ""), 0, length, ())
        answer["errors"].append(
            [
                {
                    "start": error.nErrorStart,
                    "length": error.nErrorLength,
                    "short": error.aShortComment,
                    "full": error.aFullComment,
                    "suggestions": list(error.aSuggestions),
                }
                for error in result.aErrors
            ]
        )
    json.dump(answer, sys.stdout)
    try:
        office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office).terminate()
    except Exception:
        pass


main()
