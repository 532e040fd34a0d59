"""A wheel is built and installed without a network, and finds the library of the system."""
import importlib.util
import os
import shutil
import subprocess
import sys

import pytest
import vitrine
from conftest import ROOT


def run(*command, **environment):
    # No PYTHONPATH: the module must be the one that was installed.
    environment = {**os.environ, "PYTHONPATH": "", "PIP_CONFIG_FILE": os.devnull, **environment}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd="/",
                          env=environment, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_works_in_a_virtual_environment(key, tmp_path):
    for needed in ("pip", "setuptools", "wheel", "venv"):
        if not importlib.util.find_spec(needed):
            pytest.skip(f"not installed: {needed} (script/bootstrap test)")
    source, made = tmp_path / "source", tmp_path / "env"  # a build leaves files in its source
    shutil.copytree(ROOT / "python", source, ignore=shutil.ignore_patterns("__pycache__"))
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-index", "--no-build-isolation", "--no-deps", "-w", tmp_path, source)
    [wheel] = tmp_path.glob("*.whl")
    assert wheel.name == f"vitrine-{vitrine.__version__}-py3-none-any.whl"
    run(sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", made)
    run(*pip, "--python", made / "bin/python3", "install", "--no-index", wheel)
    with vitrine.Consumer(key, timeout=10) as consumer:
        out = run(made / "bin/python3", "-c", "import sys, vitrine, numpy as np\n"
                  f"with vitrine.Producer({key}) as p: p.publish(np.full((2, 2), 7, np.uint8))\n"
                  "print(vitrine.__file__)")
        assert next(consumer).array.tolist() == [[7, 7], [7, 7]]
    assert out.startswith(str(made))
    assert list(made.rglob("vitrine/py.typed"))
