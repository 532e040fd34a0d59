"""Runs spin on one configuration: generates the verifier, compiles it, and searches every state."""

import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import arrays

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent

# pan's own limit: a search that needs more is not a proof, and says so.
MEMORY_MIB, LARGE_MEMORY_MIB = 1000, 12000
DEPTH, LARGE_DEPTH = 2_000_000, 20_000_000


class Failure(Exception):
    """The tool failed, or the search was not complete: nothing was shown."""


@dataclass
class Result:
    fault: str  # what pan says of the fault that it found; "" if there is none
    states: int
    seconds: float
    trail: str  # the steps that lead to the fault


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{command[0]}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def compile_table_printer(folder):
    """The program that prints the code's table, for who has not built it with CMake."""
    program = Path(folder) / "print_transitions"
    run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-I", SOURCE / "common/ipc", "-o", program,
         SOURCE / "tests/model/print_transitions.c", SOURCE / "common/ipc/transitions.c"], folder)
    return program


def search(configuration, table, hunting=False):
    """Checks one configuration with these arrays, in a folder of its own.

    `hunting`: a fault is expected soon, so that compiling takes longer than the search.
    """
    with tempfile.TemporaryDirectory(prefix="vitrine-model-") as folder:
        defines = write_model(configuration, table, folder)
        run(["spin", "-a", *defines, configuration.model], folder)
        if configuration.large:  # COLLAPSE needs a third of the memory and twice the time
            options = [f"-DMEMLIM={LARGE_MEMORY_MIB}", "-DCOLLAPSE"]
            limits = [f"-m{LARGE_DEPTH}", "-w26"]
        else:
            options, limits = [f"-DMEMLIM={MEMORY_MIB}"], [f"-m{DEPTH}", "-w20"]
        effort = "-O0" if hunting else "-O2" if configuration.large else "-O1"
        run(["cc", effort, "-w", "-DSAFETY", "-DNOFAIR", "-DVECTORSZ=1024", *options,
             "-o", "pan", "pan.c"], folder)
        began = time.monotonic()
        said = subprocess.run(["./pan", *limits], cwd=folder, capture_output=True, text=True).stdout
        seconds = time.monotonic() - began
        result = read_verdict(said, seconds)
        if result.fault:
            result.trail = read_trail(configuration, defines, folder)
        return result


def write_model(configuration, table, folder):
    macros = arrays.promela(table, configuration.symbols, configuration.arrays)
    (Path(folder) / "arrays.pml").write_text(macros)
    for part in HERE.glob("*.pml"):
        shutil.copy(part, folder)
    return [f"-D{name}={value}" for name, value in configuration.defines.items()]


def read_verdict(said, seconds):
    errors = re.search(r"errors: (\d+)", said)
    states = re.search(r"(\d+) states, stored", said)
    fault = re.search(r"pan:\d+: (.*)", said)
    if errors and int(errors[1]) > 0 and fault and "out of memory" not in fault[1]:
        return Result(fault[1], int(states[1]), seconds, "")
    if not errors or not states or int(errors[1]) > 0 or "Search not completed" in said \
            or "max search depth too small" in said:
        raise Failure(f"the search was not complete:\n{said[-2000:]}")
    return Result("", int(states[1]), seconds, "")


def read_trail(configuration, defines, folder):
    """Who went where, one line a step; the last is where it went wrong."""
    said = subprocess.run(["spin", "-t", "-p", *defines, configuration.model], cwd=folder,
                          capture_output=True, text=True).stdout
    lines, place = [], {}
    for step, process, name, text in re.findall(
            r"^\s*(\d+):\s+proc\s+(\d+) \((\w+).*?\[(.*)\]$", said, re.MULTILINE):
        at = re.search(r"\(at==(\w+)\)", text)
        if at and place.get(process) != (step, at[1]):
            place[process] = (step, at[1])
            lines.append(f"  {step:>5} {name} {process}: {at[1]}")
        if text in ("calm = 1", "finished = (finished+1)"):
            lines.append(f"  {step:>5} {name} {process}: {text}")
        if text.startswith(("take_back", "kills = (kills+1)")) or "!(calm)" in text:
            lines.append(f"  {step:>5} {name} {process}: KILLED")
    return "\n".join(lines)
