import os
import site
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = (
    "import signlang_widgets as slw; train, test = slw.load_sign_mnist('bundled');"
    "print(slw.__file__); print(len(train), len(test))"
)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder with the sdist, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, stdout=subprocess.DEVNULL)
    return folder


def unpacked(archive, folder):
    if archive.suffix == ".whl":
        zipfile.ZipFile(archive).extractall(folder)
        return folder
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return next(folder.iterdir())


def assert_finds_bundled(python, place, cwd, **settings):
    """A fresh interpreter loads the bundled set from the package in ``place``, and from no other copy."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cwd / "cache"), **settings}
    ran = subprocess.run([python, "-c", CODE], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said, file, counts = ran.stdout.splitlines()
    assert said == "Sign Language MNIST: bundled set, 2,400 training and 600 test images"
    assert Path(file).is_relative_to(place)
    assert counts == "2400 600"


def test_the_bundled_set_is_found_from_the_wheel(built, tmp_path):
    place = unpacked(next(built.glob("*.whl")), tmp_path / "wheel")
    assert_finds_bundled(sys.executable, place, tmp_path, PYTHONPATH=str(place))


def test_the_bundled_set_is_found_from_the_sdist(built, tmp_path):
    place = unpacked(next(built.glob("*.tar.gz")), tmp_path / "sdist")
    assert_finds_bundled(sys.executable, place, tmp_path, PYTHONPATH=str(place))


def test_the_bundled_set_is_found_from_an_editable_install(tmp_path):
    fresh = tmp_path / "fresh"
    venv.create(fresh)
    inside = {"base": str(fresh), "platbase": str(fresh)}
    python = Path(sysconfig.get_path("scripts", "venv", inside)) / Path(sys.executable).name
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--editable", ROOT]
    subprocess.run(install, check=True)
    # The dependencies come from here; this file sorts after the package's own, so that the fresh package is found.
    libraries = Path(sysconfig.get_path("purelib", "venv", inside))
    (libraries / "zz_dependencies.pth").write_text("\n".join(site.getsitepackages()))
    assert_finds_bundled(python, ROOT, tmp_path, PYTHONPATH="")


def test_the_wheel_holds_every_file_of_the_package_and_the_bundled_data(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        held = {name: wheel.getinfo(name).file_size for name in wheel.namelist()}
    source = [
        path for path in (ROOT / "signlang_widgets").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    assert {path.suffix for path in source} >= {".py", ".pyi", ".typed"}
    for path in source:
        assert held.get(path.relative_to(ROOT).as_posix()) == path.stat().st_size, path
    for path in [*(ROOT / "data").glob("*.csv.gz"), ROOT / "data" / "README.md"]:
        assert held.get(f"signlang_widgets/data/{path.name}") == path.stat().st_size, path


def test_the_wheel_holds_nothing_else(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        assert {name.split("/")[0].split("-")[0] for name in wheel.namelist()} == {"signlang_widgets"}
        assert not [name for name in wheel.namelist() if name.endswith((".pyc", ".ipynb")) or "/tests/" in name]
