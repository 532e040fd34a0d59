#!/usr/bin/env python3
"""No SDL_Event is made by an initialiser: a compiler need only set the member that is named, and gcc 15
leaves garbage in the rest, which SDL reads. event_of() in common/ui/event.h zeroes all of it."""
import pathlib
import re
import sys

INITIALISED = re.compile(r"\bSDL_Event\s+\w+\s*=\s*\{|\(\s*SDL_Event\s*\)\s*\{")


def found(text):
    """The numbers of the lines that make an SDL_Event by an initialiser."""
    return [text.count("\n", 0, match.start()) + 1 for match in INITIALISED.finditer(text)]


# What it must find, and what it must let pass.
assert found("x;\nSDL_Event event = {.type = SDL_QUIT};") == [2]
assert found("push((SDL_Event){.type = SDL_QUIT});\nSDL_Event a =\n\t{0};") == [1, 2]
assert found("SDL_Event event;\nSDL_Event quit = event_of(SDL_QUIT);") == []

wrong = ["%s:%d" % (name, line) for name in sys.argv[1:]
         for line in found(pathlib.Path(name).read_text(encoding="utf-8"))]
for place in wrong:
    print(place + ": an SDL_Event by an initialiser: use event_of() of common/ui/event.h")
sys.exit(1 if wrong else 0)
