"""The square on a letter: the code goes from behind the `#` into its field, and out of the address."""

import pytest

from tests.browser import addresses
from tests.browser.conftest import Opening

PAGE, CODE = f"/assemblies/{addresses.ASSEMBLY}/local-code/", "ABCD-EFGH-JKMN"


@pytest.mark.parametrize(("script", "typed"), [(True, CODE), (False, "")])
def test_a_code_from_a_letter_is_in_its_field_and_in_no_address(
    opened: Opening, script: bool, typed: str
) -> None:
    with opened(script=script) as reader:
        asked: list[str] = []
        reader.page.on("request", lambda one: asked.append(one.url))
        reader.visit(f"{PAGE}#{CODE}")
        assert reader.page.locator("#local").input_value() == typed
        assert (CODE in reader.page.url) is not script
        assert [url for url in asked if CODE in url.partition("#")[0]] == []
