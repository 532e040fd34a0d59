#!/usr/bin/env python3
"""Removes one check at a time; the fuzzers must detect it: mutants.py BUILD [--all | NAME...]

BUILD is build/asan. The script compiles and links the changed source in a separate folder, with the
commands of that build, and changes nothing in the tree. The fuzzers must find each mutant from the
corpus within SECONDS. If a line is no longer in the source, that is an error: update the list
below.
"""
import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

import run

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 60
# Those for script/test: a size, a name, the sequence lock, and the set compared with the segment.
IN_CI = ["size", "name", "slot-count", "sequence", "png-chunk"]

# name: fuzzer, file, text, its replacement
MUTANTS = {
    # The description of an image.
    "size": ("segment", "common/ipc/image.c", "image->size > room || ", ""),
    "rows": ("segment", "common/ipc/image.c",
             "image->size >= bytes_in_all(image->format, image->pitch, image->height)", "true"),
    "pitch": ("segment", "common/ipc/image.c",
              "image->pitch >= (uint64_t)image->width * bytes &&", ""),
    "planes": ("segment", "common/ipc/image.c",
               "return rows + 2 * (uint64_t)((pitch + 1) / 2) * half_height;", "return rows;"),
    "name": ("segment", "common/ipc/image.c",
             "clean_text(image->name, sizeof(image->name), copy.name, sizeof(copy.name));",
             "memcpy(image->name, copy.name, sizeof(copy.name));"),
    "media-type": ("segment", "common/ipc/image.c",
                   "if (copy.media_type[length] <= ' ' || copy.media_type[length] > '~')",
                   "if (copy.media_type[length] == '\\0')"),
    # The description of the channel, by the header and the kernel.
    "segment-size": ("segment", "common/ipc/classify.c", "if (segment.size >= sizeof(struct header)) {",
                     "if (segment.size > 0) {"),
    "slot-size": ("segment", "common/ipc/classify.c",
                  "header->slot_size <= (size - header->header_size) / header->slot_count &&", ""),
    "slot-count": ("segment", "common/ipc/opening.c",
                   "if (segment->header.slot_count != channel->info.slots)", "if (false)"),
    "set-size": ("segment", "common/ipc/opening.c",
                 "channel->info.slots > VITRINE_SLOTS_MAX ||", ""),
    "key-text": ("segment", "common/ipc/opening.c",
                 "clean_text(name, sizeof(name), header->key_text, sizeof(header->key_text));",
                 "memcpy(name, header->key_text, sizeof(name));"),
    "resident": ("segment", "common/ipc/choose_slot.c",
                 "return resident < channel->info.slot_size ? resident : channel->info.slot_size;",
                 "return resident;"),
    # Data that may change while it is read.
    "sequence": ("segment", "common/ipc/mirror.c",
                 "if (!vitrine_unchanged(channel, image))\n\t\treturn -EAGAIN;", ""),
    "unchanged": ("segment", "common/ipc/mirror.c",
                  "memory_order_relaxed) == image->sequence;",
                  "memory_order_relaxed) != UINT64_MAX - 1;"),
    "inspected": ("segment", "common/ipc/inspect.c",
                  "slot->has_image = vitrine_unchanged(channel, &slot->image) &&",
                  "slot->has_image ="),
    "spin": ("segment", "common/ipc/mirror.c", "waited_for_first = rc == 0 && latest < 0;", ""),
    # Readers above the library.
    "budget": ("segment", "consumer/history/history.c", "if (bytes <= pool_budget(history->pool)) {",
               "if (bytes != 0) {\n\t\tbytes = bytes < 4096 ? bytes : 4096;"),
    # Texts and files.
    "safe-name": ("text", "common/base/safename.c", "if (*c == '/') {", "if (*c == '\\\\') {"),
    "percent": ("text", "common/base/uri.c", "if (used + 1 >= PATH_MAX)",
                "if (used + 1 >= 2 * PATH_MAX)"),
    "png-chunk": ("file", "decoder/file_header.c", "if (length > size - at - 8)\n\t\t\treturn;", ""),
    "jpeg-segment": ("file", "decoder/file_header.c",
                     "if (length < 2 || length > size - at - 2)", "if (length < 2)"),
    "tiff-entries": ("file", "decoder/file_header.c", "i < count && size - at >= 12;", "i < count;"),
}


def compile_mutant(build, name, folder):
    """The object file of the changed source; exits if it does not compile."""
    _, file, old, new = MUTANTS[name]
    source = ROOT / file
    text = source.read_text()
    if text.count(old) != 1:
        sys.exit("%s: %r is %d times in %s: let tests/fuzz/mutants.py follow the source" %
                 (name, old, text.count(old), file))
    changed = folder / source.name
    changed.write_text(text.replace(old, new))
    entries = json.loads((build / "compile_commands.json").read_text())
    entry = next(entry for entry in entries if pathlib.Path(entry["directory"], entry["file"])
                 .resolve() == source)
    words = shlex.split(entry["command"])
    target = words[words.index("-o") + 1]
    words[words.index("-o") + 1] = str(folder / "mutant.o")
    words[words.index("-c") + 1] = str(changed)
    # The compiler looks for quoted includes beside the source first.
    words[1:1] = ["-iquote", str(source.parent), "-w"]
    subprocess.run(words, cwd=entry["directory"], check=True)
    return target


def link_mutant(build, name, folder, target):
    """The fuzzer, linked with the mutant in place of the libraries' object."""
    program = "tests/fuzz_" + MUTANTS[name][0]
    commands = subprocess.run(["ninja", "-t", "commands", program], cwd=build, check=True, text=True,
                              stdout=subprocess.PIPE).stdout
    command = commands.splitlines()[-1]
    result = folder / pathlib.Path(program).name
    assert " -o %s " % program in command
    command = command.replace(" -o %s " % program, " %s -o %s " % (folder / "mutant.o", result))
    # The linker takes a library's object only for missing symbols; a single object must be removed.
    command = command.replace(" %s " % target, " ")
    subprocess.run(command, cwd=build, shell=True, check=True)
    return result


def hunt(build, name, seed):
    """Returns whether the mutant is found, and a line about it."""
    before = time.monotonic()
    with run.Fuzzer(build / "tests" / ("fuzz_" + MUTANTS[name][0])) as fuzzer:
        target = compile_mutant(build, name, fuzzer.folder)
        fuzzer.program = link_mutant(build, name, fuzzer.folder, target)
        built = time.monotonic()
        status, report = fuzzer.fuzz(SECONDS, seed, timeout=5)
    seconds = time.monotonic() - built
    reason = next((line.strip() for line in report.splitlines()
                   if "ERROR:" in line or "runtime error:" in line or "not true:" in line), "")
    return status != 0, "%-13s %s after %.1f s (built in %.1f s): %s" % (
        name, "found" if status else "NOT FOUND", seconds, built - before, reason)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("names", nargs="*", default=IN_CI)
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    seed = int(os.environ.get("VITRINE_TEST_SEED", "1")) % ((1 << 32) - 1) + 1
    print("seed %d" % seed)
    wanted, missed = list(MUTANTS) if arguments.all else arguments.names, 0
    for name in wanted:
        found, line = hunt(build, name, seed)
        print(line, flush=True)
        missed += not found
    print("figures: %d mutants, %d found" % (len(wanted), len(wanted) - missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
