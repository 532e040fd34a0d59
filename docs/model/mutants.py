"""Planted faults: what the models must find when one thing is taken out of the table.

A mutant that no configuration finds is either a hole in the models or changes nothing that
anybody could see. The second kind is listed here with its reason, and is checked, too: it must
not be found.
"""

import arrays
import configurations
import spin

# A handful for CI: an undo, a wait-for-zero, a precondition, a pair, an IPC_NOWAIT.
IN_CI = ["take.0.undo", "claim.2.out", "publish_over_reading.0.pair", "release.2.undo",
         "condemn.4.out", "begin.2.undo"]

LOCKED = "the mutex is held and nobody else can change it; it only makes an error of a damaged set"
WAITS = "a slot that waits is neither written nor read nor, when chosen so under the mutex, the newest"
TOGETHER = "alive is 1 only where mutex was raised, and that is asserted before it"

EQUIVALENT = {
    "steal.1.wait": LOCKED,
    "steal.2.wait": LOCKED,
    "steal.3.wait": WAITS,
    "steal.3.out": WAITS,
    "steal.4.wait": WAITS,
    "steal.4.out": WAITS,
    "steal.5.wait": WAITS,
    "steal.5.out": WAITS,
    "publish_first.0.wait": LOCKED,
    "publish_over_done.2.wait": LOCKED,
    "publish_over_waiting.2.wait": LOCKED,
    "publish_over_reading.2.wait": LOCKED,
    "begin.1.wait": TOGETHER,
    "begin.1.out": TOGETHER,
}

# Where a mutant is looked for, the quick ones first.
SLOT_LADDER = ["slots2", "slots3", "mirror2"]
OPENING_LADDER = ["opening2", "stranger2", "opening3k1"]


def of_table(table):
    return arrays.mutants(table, configurations.SLOT_ARRAYS | configurations.OPENING_ARRAYS)


def reason(mutant):
    """Why it changes nothing; "" if it must be found."""
    return EQUIVALENT.get(str(mutant), "")


def hunt(mutant, table):
    """Searches one configuration after the other: the last one's name, and what it found."""
    opening = mutant.identifier in configurations.OPENING_ARRAYS
    changed = mutant.apply(table)
    for name in OPENING_LADDER if opening else SLOT_LADDER:
        result = spin.search(configurations.ALL[name], changed, hunting=True)
        if result.fault:
            break
    return name, result
