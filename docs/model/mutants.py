"""Planted faults: what the models must find when one thing is taken out of the table.

A mutant that no configuration finds is either a hole in the models or changes nothing that
anybody could see. The second kind is listed here with its reason, and is checked, too: it must
not be found.
"""

import arrays
import configurations

# A handful for CI: an undo, a wait-for-zero, a precondition, a pair, an IPC_NOWAIT.
IN_CI = ["take.0.undo", "claim.2.out", "publish_over_done.1.out", "release.2.undo",
         "condemn.4.out", "begin.2.undo"]

EQUIVALENT = {}

# Where a mutant is looked for, the quick ones first.
SLOT_LADDER = ["slots2", "slots3", "mirror2"]
OPENING_LADDER = ["opening2", "opening3", "stranger2"]


def of_table(table):
    return arrays.mutants(table, configurations.SLOT_ARRAYS + configurations.OPENING_ARRAYS)


def reason(mutant):
    """Why it changes nothing; "" if it must be found."""
    return EQUIVALENT.get(str(mutant), "")


def hunt(mutant, table, search):
    """Searches one configuration after the other: the last one's name, and what it found."""
    opening = mutant.identifier in configurations.OPENING_ARRAYS
    changed = mutant.apply(table)
    for name in OPENING_LADDER if opening else SLOT_LADDER:
        result = search(configurations.ALL[name], changed)
        if result.fault:
            break
    return name, result
