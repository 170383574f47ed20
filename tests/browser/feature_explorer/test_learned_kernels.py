"""Learned kernels: picked, put back, undone."""


def test_a_kernel_is_picked_put_back_and_undone(notebook, explorer):
    notebook.python("bits = [tensor.clone() for tensor in model.state_dict().values()]")
    explorer.locator("summary", has_text="Learned kernels").click()
    assert explorer.locator(".slw-fx-kernel").count() == 6
    explorer.locator(".slw-fx-kernel").nth(4).click()
    picked = "explorer.picked_kernel and (explorer.picked_kernel['layer'], explorer.picked_kernel['channel'], explorer.picked_kernel['in_channel'])"
    notebook.wait_for_python(picked, "('0', 4, 0)")
    notebook.wait_for_python("explorer.edited_kernel == model[0].weight[4, 0].tolist()", "True")
    put_back = explorer.get_by_role("button", name="Put the edited kernel back")
    assert put_back.is_disabled()
    scores = explorer.locator(".slw-fx-bars").inner_text()
    notebook.python("explorer.edited_kernel = torch.full((3, 3), -3.0)")
    put_back.click()
    notebook.wait_for_python("model[0].weight[4, 0].tolist()", str([[-3.0] * 3] * 3))
    notebook.page.wait_for_function(
        "(before) => document.querySelector('.slw-fx-bars').innerText !== before", arg=scores
    )
    explorer.get_by_role("button", name="Measure the accuracy").click()
    explorer.locator(".slw-fx-verdict", has_text="of 40 images").wait_for()
    after = float(notebook.python("print(slw.evaluate(model, split).accuracy)"))
    assert f"{100 * after:.2f} %" in explorer.locator(".slw-fx-verdict").inner_text()
    explorer.get_by_role("button", name="Undo: restore the kernel").click()
    notebook.wait_for_python("all(torch.equal(a, b) for a, b in zip(bits, model.state_dict().values()))", "True")
    notebook.page.wait_for_function(
        "(before) => document.querySelector('.slw-fx-bars').innerText === before", arg=scores
    )


def test_kernels_over_another_input_map(notebook, explorer):
    explorer.locator("summary", has_text="Learned kernels").click()
    explorer.locator("[data-control='kernels'] select").select_option("3")
    assert explorer.locator(".slw-fx-kernel").count() == 4
    explorer.locator(".slw-fx-kernels .slw-number").fill("5")
    notebook.page.keyboard.press("Tab")
    explorer.locator(".slw-fx-kernel").nth(1).click()
    notebook.wait_for_python(
        "explorer.picked_kernel and explorer.picked_kernel['kernel'] == model[3].weight[1, 5].tolist()", "True"
    )
