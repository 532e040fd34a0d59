"""How many schedules per second vitrine check runs, for the textbook's pair with two items."""
import json
import subprocess

from figures import Bar, Table, number, quartiles

ROUNDS = 5
SECONDS = 2
GOAL = 300  # a second, on two processors


def run(pair, quiet):
    program = pair.build / "tests" / "xray" / "programs" / "pair"
    if not program.exists():
        return Table("Schedules", (), [], "Left out: %s is not built (it is one of the tests')." % program)
    low, median, high = quartiles([_rate(pair.build / "vitrine", program) for _ in range(ROUNDS)])
    spread = "%s – %s" % (number(low), number(high))
    table = Table("Schedules", ("what", "median", "quartiles", "goal"),
                  [("runs a second of vitrine check: the textbook's pair of two items",
                    number(median), spread, "≥ %d" % GOAL)])
    table.bars = [Bar("runs a second of vitrine check", number(median), "≥ %d" % GOAL,
                      low >= GOAL, spread)]
    return table


def _rate(vitrine, program):
    key = "0x77c40001"
    done = subprocess.run(
        [vitrine, "check", "--json", "--leftovers", "--time", str(SECONDS),
         "--", program, "producer", key, "2", "--", program, "consumer", key, "2"],
        stdout=subprocess.PIPE, text=True, check=True)
    result = json.loads(done.stdout)
    return result["runs"] / result["seconds"]
