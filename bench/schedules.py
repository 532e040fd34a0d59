"""How many schedules per second vitrine check runs, for the textbook's pair with two items, beside
how often the pair can be started and awaited at all."""
import json
import os
import statistics
import subprocess
import threading
import time

from figures import Bar, Table, number, quartiles

ROUNDS = 5
SECONDS = 2
GOAL = 300  # a second, on two processors
KEY = 0x77c40001
ROLES = "producer", "consumer"


def run(pair, quiet):
    program = pair.build / "tests" / "xray" / "programs" / "pair"
    if not program.exists():
        return Table("Schedules", (), [], "Left out: %s is not built (it is one of the tests')." % program)
    rates, limits = [], []
    for _ in range(ROUNDS):
        rates.append(_rate(pair.build / "vitrine", program))
        limits.append(_limit(program))
    low, median, high = quartiles(rates)
    spread = "%s – %s" % (number(low), number(high))
    limit = number(statistics.median(limits))
    table = Table("Schedules", ("what", "median", "quartiles", "goal"),
                  [("runs a second of vitrine check: the textbook's pair of two items",
                    number(median), spread, "≥ %d" % GOAL),
                   ("the pair started and awaited, without control, one per processor at a time",
                    limit, "%s – %s" % (number(quartiles(limits)[0]), number(quartiles(limits)[2])),
                    "")])
    table.bars = [Bar("runs a second of vitrine check", number(median), "≥ %d" % GOAL,
                      low >= GOAL, spread, limit)]
    return table


def _rate(vitrine, program):
    key = hex(KEY)
    done = subprocess.run(
        [vitrine, "check", "--json", "--leftovers", "--time", str(SECONDS),
         "--", program, "producer", key, "2", "--", program, "consumer", key, "2"],
        stdout=subprocess.PIPE, text=True, check=True)
    result = json.loads(done.stdout)
    return result["runs"] / result["seconds"]


def _limit(program):
    """Pairs a second: fork, exec, the dynamic loader, the pair's own calls, and the wait."""
    end = time.monotonic() + SECONDS
    keys = [hex(KEY + 1 + i) for i in range(len(os.sched_getaffinity(0)))]
    counts = [0] * len(keys)

    def start_again_and_again(number_):
        key = keys[number_]
        null = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        while time.monotonic() < end:
            pids = [os.posix_spawn(program, [str(program), role, key, "2"], os.environ,
                                   file_actions=null) for role in ROLES]
            for pid in pids:
                os.waitpid(pid, 0)
            counts[number_] += 1

    threads = [threading.Thread(target=start_again_and_again, args=(i,)) for i in range(len(keys))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for key in keys:
        subprocess.run(["ipcrm", "-S", key, "-M", key], check=True)
    return sum(counts) / SECONDS
