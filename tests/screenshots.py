"""Pictures of every kind of page, into var/pictures, and the one that README opens with: `make pictures`."""

import io
import os
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser import addresses, chromium
from tests.browser.demonstration import HERE, Site, served

PICTURES = HERE / "var" / "pictures"
FRONT = HERE / "docs" / "pictures" / "commitment.png"
SIZES = {
    "narrow": (chromium.NARROW, True),
    "narrow-plain": (chromium.NARROW, False),
    "wide": (chromium.WIDE, True),
}
"""Each with the size of the window, and whether scripts run."""
FRONT_SIZE = (1120, 1080)
COLOURS = 128


def all_of(site: Site, browser: Browser, wanted: list[str]) -> int:
    """Every page at every size, or those of which the name begins so; how many pictures."""
    made = 0
    PICTURES.mkdir(parents=True, exist_ok=True)
    for size, (window, script) in SIZES.items():
        for name, address in addresses.PAGES.items():
            if wanted and not name.startswith(tuple(wanted)):
                continue
            with chromium.reading(browser, site.base, window, script) as reader:
                reader.visit(addresses.path_of(site.base, address))
                file = PICTURES / f"{re.sub('[^a-z_]+', '-', name)}-{size}.png"
                reader.page.screenshot(path=file, full_page=True)
                made += 1
    return made


def front(site: Site, browser: Browser) -> None:
    """The page of a promise that slipped twice, as README shows it: few colours, so that it is small."""
    with chromium.reading(browser, site.base, FRONT_SIZE, device_scale_factor=1.5) as reader:
        reader.visit(addresses.path_of(site.base, addresses.PAGES["commitment: moved twice"]))
        picture = Image.open(io.BytesIO(reader.page.screenshot()))
    FRONT.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(FRONT, optimize=True)


def main(wanted: list[str]) -> int:
    """Make them; 1 where there is no browser."""
    if not chromium.found():
        sys.stderr.write(f"{chromium.HOW_TO_GET}\n")
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings_sqlite")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as site, chromium.started() as browser:
        front(site, browser)
        made = all_of(site, browser, wanted)
    sys.stdout.write(f"{made} pictures in {PICTURES.relative_to(HERE)}, and {FRONT.relative_to(HERE)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
