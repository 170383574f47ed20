"""README.md is tested text: its Python runs as it stands, its two commands stand where .ci/run looks for them."""

import re
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def command(name):
    return re.search(rf"<!-- command: {name} -->\n```bash\n(.*)\n```", README)[1]


def test_its_python_runs_from_top_to_bottom(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    for block in blocks:
        exec(block, names)
    assert len(blocks) >= 4
    assert "torch.Size([5, 28, 36])" in capsys.readouterr().out
    assert names["model"][0].weight[3, 0].tolist() == names["editor"].kernel.tolist()
    assert (tmp_path / "editor.html").stat().st_size > 10_000


def test_both_commands_are_pinned_by_the_same_file():
    assert command("lab").endswith("jupyter trust lessons/*.ipynb && .venv/bin/jupyter lab lessons")
    assert ".venv/bin/python -m pytest" in command("test")
    assert all("pip install -c constraints.txt -e" in command(name) for name in ("lab", "test"))


def test_every_lesson_is_in_the_table():
    lessons = {path.name for path in (Path(__file__).parents[1] / "lessons").glob("*.ipynb")}
    assert set(re.findall(r"\(lessons/([^)]+\.ipynb)\)", README)) == lessons
