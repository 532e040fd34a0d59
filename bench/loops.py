"""Python's loops at 1080p, H x W x 3: Vitrine beside multiprocessing.shared_memory and Semaphore.

Each loop has two processes: one draws frames, by a NumPy addition, and the other one reads every
frame. The loops differ in where a frame is drawn and read, and in how it gets there.
"""
import contextlib
import math
import multiprocessing
import multiprocessing.connection
import os
import statistics
import sys
import time

from figures import Bar, Table, number, quartiles
from pair import SOURCE

ROUNDS = 5
WARM, FRAMES = 20, 150  # frames to warm up, and frames that count
BUFFERS = 2  # of the ring in shared memory: both processes can work at the same time
LEAST = 1.2  # × the loop with shared_memory
BY = "shared, copied"
LOOPS = {
    "in the slot": "Vitrine, as python/README.md begins: drawn in the slot, read in place",
    "copied": "Vitrine: publish(array), image.rgb(out=array)",
    BY: "shared_memory, Semaphore: buffer[...] = array, np.copyto(array, buffer)",
    "shared, in place": "shared_memory, Semaphore: drawn in the ring, read in place",
}
HEAD = ("", "frames/s", "× shared_memory, copied", "quartiles", "producer's CPU a frame",
        "consumer's CPU a frame", "others' CPU")


def run(pair, quiet):
    try:
        import numpy  # noqa: F401
    except ImportError:
        return Table("Loops in Python", (), [], "Left out: NumPy (python3-numpy) is not installed.")
    os.environ["VITRINE_LIBRARY"] = str(pair.build / "libvitrine.so")
    measured = [quiet.round(lambda: {loop: race(loop, pair.key) for loop in LOOPS})
                for _ in range(ROUNDS)]
    rounds = [values for values, _ in measured]
    others = "%.0f %%" % (100 * statistics.median(share for _, share in measured))
    ratios = {loop: [values[loop][0] / values[BY][0] for values in rounds] for loop in LOOPS}
    return Table(
        "Loops in Python: 1080p, H × W × 3, one process draws, one reads", HEAD,
        [_row(LOOPS[loop], [values[loop] for values in rounds], ratios[loop], others)
         for loop in LOOPS],
        bars=[Bar.of("Python's loop at 1080p, drawn in the slot and read in place, to "
                     "shared_memory and Semaphore, copied", ratios["in the slot"], LEAST, True),
              # Both loops make the same two copies, so that more than 1 is not possible.
              Bar.of("Python's loop at 1080p, published and copied out, to shared_memory and "
                     "Semaphore, copied", ratios["copied"], LEAST, True, ratios[BY])])


def _row(text, found, ratios, others):
    rate, sending, looking = (statistics.median(column) for column in zip(*found))
    low, middle, high = quartiles(ratios)
    return (text, number(rate), "%.2f" % middle, "%.2f – %.2f" % (low, high),
            "%s ms" % number(sending), "%s ms" % number(looking), others)


# ---- one race ------------------------------------------------------------------------------------

def race(loop, key, shape=(1080, 1920, 3), frames=FRAMES):
    """(frames a second, CPU ms a frame of the producer, of the consumer)."""
    context = multiprocessing.get_context("spawn")
    free, filled = context.Semaphore(BUFFERS), context.Semaphore(0)
    ready, results = context.Semaphore(0), context.SimpleQueue()
    with _memory(shape if loop.startswith("shared") else (1, 1)) as name:
        processes = [context.Process(target=side, args=(
            loop, key, name, shape, frames, free, filled, ready, results))
            for side in (_consume, _produce)]
        for process in processes:
            process.start()
        _join(processes, loop)
    found = dict((results.get(), results.get()))
    seconds, looking = found["consumer"]
    return frames / seconds, found["producer"][1] / frames * 1e3, looking / frames * 1e3


def _join(processes, loop):
    """Waits until both have ended. If one fails, the other would wait for it for ever: ends it."""
    running = list(processes)
    while running:
        multiprocessing.connection.wait([process.sentinel for process in running])
        if any(process.exitcode for process in running):
            for process in running:
                process.kill()
                process.join()
            raise RuntimeError("the loop %r failed" % loop)
        running = [process for process in running if process.exitcode is None]


@contextlib.contextmanager
def _memory(shape):
    """The name of a ring in shared memory."""
    from multiprocessing import shared_memory
    memory = shared_memory.SharedMemory(create=True, size=BUFFERS * math.prod(shape))
    try:
        yield memory.name
    finally:
        memory.close()
        memory.unlink()


@contextlib.contextmanager
def _ring(name, shape):
    from multiprocessing import shared_memory
    import numpy as np
    memory = shared_memory.SharedMemory(name)
    arrays = [np.ndarray(shape, np.uint8, memory.buf, i * memory.size // BUFFERS)
              for i in range(BUFFERS)]
    yield arrays
    arrays.clear()  # memory that an array shows cannot be closed
    memory.close()


def _measured(who, frames, results, steps):
    """Goes through WARM + `frames` steps of a loop and puts (seconds, CPU seconds) of the last."""
    for number, _ in enumerate(steps, 1):
        if number == WARM:
            started, used = time.monotonic(), time.process_time()
        if number == WARM + frames:
            break
    results.put((who, (time.monotonic() - started, time.process_time() - used)))


def _produce(loop, key, name, shape, frames, free, filled, ready, results):
    import numpy as np
    ready.acquire()
    scene = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    mine = scene.copy()

    def draw(number, out):
        np.add(scene, np.uint8(number % 256), out=out)

    def shared(ring):
        for number in range(WARM + frames):
            if loop == BY:
                draw(number, mine)
                free.acquire()
                ring[number % BUFFERS][...] = mine
            else:
                free.acquire()
                draw(number, ring[number % BUFFERS])
            filled.release()
            yield

    def published(producer):
        for number in range(WARM + frames):
            if loop == "copied":
                draw(number, mine)
                producer.publish(mine)
            else:
                with producer.claim(shape) as slot:
                    draw(number, slot.array)
            yield

    if loop.startswith("shared"):
        with _ring(name, shape) as ring:
            _measured("producer", frames, results, shared(ring))
    else:
        with _vitrine().Producer(key) as producer:
            _measured("producer", frames, results, published(producer))


def _consume(loop, key, name, shape, frames, free, filled, ready, results):
    import numpy as np
    mine = np.ones(shape, np.uint8)

    def look(array):
        return array[::16, ::16].mean()

    def shared(ring):
        for number in range(WARM + frames):
            filled.acquire()
            if loop == BY:
                np.copyto(mine, ring[number % BUFFERS])
                free.release()
                look(mine)
            else:
                look(ring[number % BUFFERS])
                free.release()
            yield

    def taken(consumer):
        for image in consumer:
            look(image.rgb(out=mine) if loop == "copied" else image.array)
            yield

    if loop.startswith("shared"):
        with _ring(name, shape) as ring:
            ready.release()
            _measured("consumer", frames, results, shared(ring))
    else:
        with _vitrine().Consumer(key, timeout=60) as consumer:
            ready.release()
            _measured("consumer", frames, results, taken(consumer))


def _vitrine():
    sys.path.insert(0, str(SOURCE / "python"))
    import vitrine
    return vitrine
