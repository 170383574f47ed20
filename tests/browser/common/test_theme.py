"""Light and dark on every kind of page: what is read can be read, measured as WCAG measures contrast."""

import pytest

from .pages import PIXELS, editor, opened, stepper

COLOURS = """root => {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const of = (el, name) => rgb(getComputedStyle(el)[name]);
  const probe = root.appendChild(document.createElement('i'));
  probe.style.color = 'var(--slw-accent)';
  const found = {
    paper: of(root, 'backgroundColor'), ink: of(root, 'color'), quiet: of(root.querySelector('.slw-hint'), 'color'),
    button: of(root.querySelector('.slw-button:enabled'), 'color'), accent: of(probe, 'color'),
  };
  probe.remove();
  return found;
}"""

WHITE_PAPER = ":root { --jp-layout-color0: white }"
# Where it is said, what it says: attributes of html, of body, more style, and the theme that must come of it.
SAID = {
    "JupyterLab, light": ("", 'data-jp-theme-light="true"', WHITE_PAPER, "light"),
    "JupyterLab, dark": ("", 'data-jp-theme-light="false"', ":root { --jp-layout-color0: #111111 }", "dark"),
    "a class of html": ('class="dark"', "", "", "dark"),
    "a class of body": ("", 'class="dark dark-theme"', "", "dark"),
    "a class, light": ('class="light"', "", "", "light"),
    "data-theme of html": ('data-theme="dark"', "", "", "dark"),
    "data-theme of html, light": ('data-theme="light"', "", "", "light"),
    "data-theme of body": ("", 'data-theme="dark"', "", "dark"),
    "VS Code, dark": ("", 'data-vscode-theme-kind="vscode-dark"', WHITE_PAPER, "dark"),
    "VS Code, light": ("", 'data-vscode-theme-kind="vscode-light"', ":root { --jp-layout-color0: #111111 }", "light"),
    "VS Code, contrast": ("", 'data-vscode-theme-kind="vscode-high-contrast"', "", "dark"),
    "VS Code, light contrast": (
        "",
        'class="vscode-high-contrast vscode-high-contrast-light" data-vscode-theme-kind="vscode-high-contrast-light"',
        "",
        "light",
    ),
    "VS Code's class, dark": ("", 'class="vscode-dark"', "", "dark"),
    "VS Code's class, light": ("", 'class="vscode-light"', "", "light"),
    "Colab, dark": ('theme="dark"', "", WHITE_PAPER, "dark"),
    "Colab, light": ('theme="light"', "", "", "light"),
    "dark with white paper": ('data-theme="dark"', "", WHITE_PAPER, "dark"),
    "dark with grey paper": ('data-theme="dark"', "", ":root { --jp-layout-color0: #777777 }", "dark"),
    "a white page": ("", "", f"{WHITE_PAPER} body {{ background: white }}", "light"),
    "a dark page": ("", "", "body { background: oklch(0.2 0.02 260) }", "dark"),
    "a dark part of a white page": ("", "", "body { background: #fff } main { background: rgb(20 20 20) }", "dark"),
    "a veil over a white page": ("", "", "html { background: #fff } main { background: rgb(0 0 0 / 0.5) }", "light"),
    "the page's color-scheme, dark": ("", "", "html { color-scheme: dark }", "dark"),
    "the page's color-scheme, light": ("", "", "html { color-scheme: only light }", "light"),
}


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a, b):
    light, dark = sorted([luminance(a), luminance(b)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def assert_readable(view, theme):
    found = view.evaluate(COLOURS)
    paper = found.pop("paper")
    assert paper[3] == 255
    assert ("light" if luminance(paper) > 0.5 else "dark") == theme, paper
    measured = {name: contrast(colour, paper) for name, colour in found.items()}
    assert measured.pop("accent") >= 3, found
    assert min(measured.values()) >= 4.5, measured


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize(("html", "body", "style", "theme"), SAID.values(), ids=SAID)
def test_what_the_page_says_is_followed_whatever_the_system_says(page, tmp_path, system, html, body, style, theme):
    page.emulate_media(color_scheme=system)
    assert_readable(opened(page, tmp_path, editor(), html=html, body=body, style=style), theme)


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("style", ["", WHITE_PAPER, "html { color-scheme: normal }"])
def test_where_the_page_says_nothing_the_system_decides(page, tmp_path, system, style):
    page.emulate_media(color_scheme=system)
    assert_readable(opened(page, tmp_path, editor(), style=style), system)


def test_jupyter_s_own_paper_is_taken_where_it_fits(page, tmp_path):
    paper = ":root { --jp-layout-color0: #fdf6e3 }"
    view = opened(page, tmp_path, editor(), body='data-jp-theme-light="true"', style=paper)
    assert view.evaluate(COLOURS)["paper"] == [253, 246, 227, 255]
    assert_readable(view, "light")


@pytest.mark.parametrize("before", [True, False], ids=["drawn before it is on the page", "drawn on the page"])
@pytest.mark.parametrize(
    ("words", "theme"),
    [('class="dark"', "dark"), ('data-theme="light"', "light"), ('style="background: #123"', "dark")],
)
def test_the_host_of_a_shadow_root_is_heard(page, tmp_path, words, theme, before):
    page.emulate_media(color_scheme="light" if theme == "dark" else "dark")
    opened(page, tmp_path, editor(), mount=True)
    page.evaluate(f"document.querySelector('main').innerHTML += '<section {words}></section>'")
    page.evaluate(f"mountInShadow(document.querySelector('section'), {str(before).lower()})")
    view = page.locator(f".slw[data-slw-theme='{theme}']")
    view.wait_for()
    assert_readable(view, theme)


def test_the_first_drawing_is_right(page, tmp_path):
    opened(page, tmp_path, editor(), html='class="dark"', mount=True)
    found = page.evaluate("mount(newModel()).el.firstElementChild.dataset.slwTheme")
    assert found == "dark"


CHANGES = {
    "a class of html": "document.documentElement.classList.toggle('dark')",
    "a class of body": "document.body.classList.toggle('dark')",
    "JupyterLab's word": "document.body.dataset.jpThemeLight = String(document.body.dataset.jpThemeLight === 'false')",
    "data-theme": "document.body.dataset.theme = document.body.dataset.theme === 'dark' ? 'light' : 'dark'",
    "VS Code's word": "document.body.dataset.vscodeThemeKind = document.body.dataset.vscodeThemeKind === 'vscode-dark' ? 'vscode-light' : 'vscode-dark'",
    "Colab's word": "document.documentElement.setAttribute('theme', document.documentElement.getAttribute('theme') === 'dark' ? 'light' : 'dark')",
    "the background": "document.body.classList.toggle('night')",
}
NIGHT = "body { background: #fff; transition: background-color 30ms } body.night { background: #101418 }"


@pytest.mark.parametrize("make", [editor, stepper])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_turns_the_canvases_too(page, tmp_path, make, change):
    view = opened(page, tmp_path, make(), style=NIGHT if "night" in change else "")
    before = view.evaluate(PIXELS)
    for theme in ("dark", "light"):
        page.evaluate(change)
        page.locator(f".slw[data-slw-theme='{theme}']").wait_for()
        assert_readable(view, theme)
        assert (view.evaluate(PIXELS) == before) == (theme == "light")


def test_the_system_s_change_turns_the_canvases_too(page, tmp_path):
    view = opened(page, tmp_path, editor())
    before = view.evaluate(PIXELS)
    page.emulate_media(color_scheme="dark")
    page.locator(".slw[data-slw-theme='dark']").wait_for()
    assert_readable(view, "dark")
    assert view.evaluate(PIXELS) != before


def test_a_change_of_a_shadow_root_s_host_turns_its_canvases_too(page, tmp_path):
    opened(page, tmp_path, editor(), mount=True)
    page.evaluate("mountInShadow(document.querySelector('main').appendChild(document.createElement('section')))")
    view = page.locator(".slw[data-slw-theme='light']")
    before = view.evaluate(PIXELS)
    page.evaluate("document.querySelector('section').className = 'dark'")
    view = page.locator(".slw[data-slw-theme='dark']")
    view.wait_for()
    assert_readable(view, "dark")
    assert view.evaluate(PIXELS) != before
