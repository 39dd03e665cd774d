"""The demo as a stranger starts it, and a browser in a person's hands."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.stories.people import Company, Window
from tests.stories.place import running

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Start the company with its roles and channels, and without use cases."""
    with running(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="module")  # two modules cannot both have Playwright's loop running in one process
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "chromium is missing; run: sudo apt-get install --no-install-recommends chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, company: Company) -> Iterator[Window]:
    """Open a browser window in the workspace; pictures of it are kept in build/screenshots."""
    pictures = Path("build/screenshots")
    pictures.mkdir(parents=True, exist_ok=True)
    opened = Window(browser, company, pictures)
    yield opened
    opened.close()
