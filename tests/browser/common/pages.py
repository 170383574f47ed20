"""Pages that a test makes from an exported one: with other words around the widget, or with views that the test mounts."""

import re

import torch

import signlang_widgets as slw

PIXELS = """el => [...el.querySelectorAll('canvas')].map((canvas) =>
  Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).join())"""

# What a test page offers in place of showing its widgets: `mount` draws a view, `models` are made anew or shared.
MOUNT = """
globalThis.widget = defined;
globalThis.newModel = (faults = []) => {
  const state = revived(JSON.parse(document.querySelector('[data-widget] script').textContent));
  const refuse = () => { throw new Error('not in this front end'); };
  return { ...standInModel(state), ...Object.fromEntries(faults.map((name) => [name, refuse])) };
};
globalThis.mount = (model, place = document.querySelector('main')) => {
  const el = place.appendChild(document.createElement('div'));
  return { el, dispose: defined.render({ model, el }) };
};
globalThis.mountInShadow = (host, before = false) => {
  const shadow = host.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  style.textContent = document.querySelector('style').textContent;
  const place = document.createElement('div');
  if (!before) shadow.append(style, place);
  const { el } = mount(newModel(), place);
  if (before) shadow.append(style, place);
  return el.firstElementChild;
};
"""


def editor(**settings):
    """An editor over two images that are not square, with a kernel whose sums take both signs."""
    images = torch.randint(0, 256, (2, 1, 9, 12), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    return slw.KernelEditor(images, "vertical", **settings)


def stepper(**settings):
    """A stepper over a picture, so that its output is a canvas."""
    image = torch.randint(0, 256, (18, 15), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    return slw.ConvolutionStepper(image, "vertical", **settings)


def opened(page, folder, widget, *, html="", body="", style="", mount=False):
    """Open the widget's page with other attributes and more style; with ``mount``, nothing is drawn yet."""
    path = widget.to_html(folder / "page.html")
    text = re.sub(r"<meta http-equiv=[^\n]*\n", "", path.read_text("utf-8"))  # its policy forbids what a test adds
    text = text.replace("<html ", f"<html {html} ", 1).replace(
        "<main>", f"<style>{style}</style><body {body}><main>", 1
    )
    if mount:
        text = re.sub(r"^showAll\(.*$", lambda _: MOUNT, text, flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    page.goto(path.as_uri())
    return page.locator(".slw")
