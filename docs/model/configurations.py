"""What is checked: each configuration is one model with its numbers, searched to the last state."""

from dataclasses import dataclass, field

import arrays

# The arrays that a model has, and its macros' parameters: the slot, and the slot of the newest
# image; the set, and the role.
SLOT_ARRAYS = {
    "reserve": "", "claim": "(i)", "claim_at_once": "(i)", "unreserve": "",
    "steal": "(i)", "steal_reserve": "", "steal_nothing": "",
    "abandon": "(i)", "lock": "", "unlock": "",
    "publish_first": "(i)", "publish_over_done": "(i, l)",
    "publish_over_waiting": "(i, l)", "publish_over_reading": "(i, l)",
    "wait_and_lock": "", "unwait": "", "take": "(i)",
    "release": "(i)", "release_latest": "(i)", "requeue": "(i)",
}
OPENING_ARRAYS = dict.fromkeys(["begin", "init", "condemn", "join", "leave", "retire"], "(s, r)")

# Not in the models, and why.
UNMODELLED = {
    "wait_newer": "changes nothing; a mirror naps for 100 ms at most and then looks anyway",
    "wait_first": "changes nothing; a mirror naps for 100 ms at most and then looks anyway",
}


@dataclass
class Configuration:
    name: str
    says: str
    model: str
    symbols: dict
    arrays: dict  # identifier → parameters of its macros
    defines: dict
    states: int = 0     # when it was last looked at; a change must be looked at, too
    long: bool = False  # only with --long
    large: bool = False # needs more than 1 GB
    fault: str = ""     # a planted one, that must be found


ALL = {}


def add(name, *what, **rest):
    ALL[name] = Configuration(name, *what, **rest)


def slots(name, says, slots, waiting=1, dropping=1, consumers=2, stopped=0, looker=0, fault="", **rest):
    defines = {"N": slots, "WAITING": waiting, "DROPPING": dropping, "CONSUMERS": consumers,
               "STOPPED": stopped, "LOOKER": looker} | ({fault: 1} if fault.startswith("FAULT") else {})
    add(name, says, "slots.pml", arrays.SLOTS, SLOT_ARRAYS, defines, fault=fault, **rest)


def opening(name, says, programs, kills, slow=1, failures=0, stranger=0, fault="", **rest):
    defines = {"PROGRAMS": programs, "KILLS": kills, "SLOW": slow, "FAILURES": failures,
               "STRANGER": stranger} | ({fault: 1} if fault else {})
    add(name, says, "opening.pml", arrays.OPENING, OPENING_ARRAYS, defines, fault=fault, **rest)


MIRROR, XRAY = 1, 2

slots("slots2", "2 slots, a waiting and a dropping producer, 2 consumers", 2, states=13_821)
slots("mirror2", "the same and a mirror", 2, looker=MIRROR, states=525_745)
slots("xray2", "the same and an X-ray, which looks at every slot", 2, looker=XRAY, states=525_745)
slots("slots3", "3 slots, a waiting and a dropping producer, 2 consumers", 3, states=638_079)
slots("stopped3", "3 slots, a waiting producer, a consumer and one that stops for ever", 3,
      dropping=0, consumers=1, stopped=1, states=36_257)
opening("opening2", "2 programs, 2 kills, 1 slow creator, 1 failure", 2, 2, failures=1,
        states=141_748)
opening("opening3k1", "3 programs, 1 kill, 1 slow creator", 3, 1, states=480_357)
opening("opening3", "3 programs, 2 kills, 1 slow creator", 3, 2, states=2_343_071)
opening("stranger2", "2 programs, 2 kills, 1 slow creator, and one ipcrm", 2, 2, stranger=1,
        states=1_389_685)

slots("slots3c3", "3 slots, a waiting and a dropping producer, 3 consumers", 3, consumers=3, long=True,
      states=1_541_631)
slots("slots3p3", "3 slots, 2 waiting and a dropping producer, 2 consumers", 3, waiting=2, long=True,
      states=1_574_879)
slots("slots4c1", "4 slots, a waiting and a dropping producer, 1 consumer", 4, consumers=1, long=True,
      states=1_738_521)
slots("slots4", "4 slots, a waiting and a dropping producer, 2 consumers", 4, long=True, large=True,
      states=15_930_833)
slots("mirror3", "3 slots, a waiting and a dropping producer, 2 consumers, a mirror", 3,
      looker=MIRROR, long=True, large=True)
opening("opening3x", "3 programs, 3 kills, 2 slow creators, 1 failure", 3, 3, slow=2, failures=1,
        long=True, large=True)
opening("opening4", "4 programs, 1 kill, 1 slow creator", 4, 1, long=True, large=True,
        states=14_066_682)

# Faults planted in the code rather than in the table; each must be found.
slots("fault.number_stays", "a claim does not set the number to 0", 2, looker=MIRROR,
      fault="FAULT_NUMBER_STAYS")
slots("fault.no_second_look", "a mirror does not ask again whether its slot is still the newest", 2,
      looker=MIRROR, fault="FAULT_NO_SECOND_LOOK")
slots("fault.number_before_lock", "the number is chosen before the lock", 2,
      fault="FAULT_NUMBER_BEFORE_LOCK")
slots("fault.take_newest", "a consumer takes the newest that waits", 2, fault="FAULT_TAKE_NEWEST")
slots("fault.stopped2", "2 slots are too few when a consumer stops", 2, dropping=0, consumers=1,
      stopped=1, fault="too few slots")
opening("fault.remove_by_key", "what is removed is found by its key once more", 2, 2,
        fault="FAULT_REMOVE_BY_KEY")
opening("fault.leftover_is_anybodys", "a creator whose set is gone removes a leftover", 2, 1,
        stranger=1, fault="FAULT_LEFTOVER_IS_ANYBODYS")
opening("fault.stays_counted", "a creator whose segment is gone starts over without leaving", 2, 1,
        stranger=1, fault="FAULT_STAYS_COUNTED")
