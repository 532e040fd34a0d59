"""The life of slots and objects: nothing leaks, nothing is released twice, views do not lie."""
import gc
import random
import resource
import select
import signal
import threading
import time
import weakref

import numpy as np
import pytest
import vitrine
from conftest import states

SMALL = np.zeros((8, 8), np.uint8)


def test_claim_publishes_at_the_end_of_the_block(key):
    with vitrine.Producer(key) as producer, vitrine.Consumer(key, timeout=5) as consumer:
        with producer.claim((4, 5, 3), "in place") as slot:
            slot.array[...] = (1, 2, 3)
            array = slot.array
            assert array is slot.array and array.flags.writeable
            assert states(key) == {"writing": 1, "empty": 3}
        assert slot.sequence == 1
        with pytest.raises(ValueError):
            array[0, 0] = 0
        with pytest.raises(vitrine.Closed):
            slot.array
        image = next(consumer)
        assert image.name == "in place" and (image.array == (1, 2, 3)).all()


def test_an_exception_abandons_the_slot(key):
    with vitrine.Producer(key) as producer:
        with pytest.raises(ZeroDivisionError):
            with producer.claim((4, 4)):
                1 / 0
        assert states(key) == {"empty": 4}
        slot = producer.claim((4, 4))
        slot.abandon()
        slot.abandon()
        with pytest.raises(vitrine.Closed):
            slot.publish()
        assert states(key) == {"empty": 4}


def test_what_is_dropped_is_given_back(key):
    with vitrine.Producer(key) as producer, vitrine.Consumer(key, timeout=5) as consumer:
        producer.claim((4, 4))
        assert states(key) == {"empty": 4}
        producer.publish(SMALL)
        consumer.take()
        assert states(key) == {"empty": 3, "ready": 1}
        assert consumer.take().sequence == 1
        slot = producer.claim((4, 4))
        ring = [slot]
        ring.append(ring)
        del slot, ring
        gc.collect()
        assert states(key) == {"empty": 3, "ready": 1}
        next(consumer)


def test_an_object_that_is_dropped_leaves(key):
    producer = vitrine.Producer(key)
    slot = producer.claim((4, 4))
    del producer
    assert vitrine.status(key).producers.value == 1, "the slot keeps it"
    slot.publish()
    del slot
    assert vitrine.status(key).producers.value == 0
    assert next(vitrine.Consumer(key)).sequence == 1  # dropped at once: it waits again
    with vitrine.Consumer(key) as consumer:
        assert next(consumer).sequence == 1


def test_iteration_releases_the_image_before(key):
    with vitrine.Producer(key, slots=2) as producer:
        consumer = vitrine.Consumer(key, timeout=5)
        for number in range(1, 6):
            producer.publish(np.full((8, 8), number, np.uint8))
            image = next(consumer)
            assert image.sequence == number and image.array[0, 0] == number
            assert states(key).get("reading") == 1
        assert consumer.close() == 0
        with pytest.raises(vitrine.Closed):
            image.array
        with pytest.raises(vitrine.Closed):
            next(consumer)
        assert consumer.close() == 0


@pytest.mark.parametrize("fails", [False, True])
def test_the_end_of_a_with_block(key, fails):
    with vitrine.Producer(key) as producer:
        producer.publish(SMALL)
        try:
            with vitrine.Consumer(key) as consumer:
                for _ in consumer:
                    if fails:
                        raise KeyError
                    break
        except KeyError:
            pass
        assert states(key).get("ready", 0) == fails
        if fails:
            with vitrine.Consumer(key) as consumer:
                next(consumer)


def test_views_outlive_what_they_were_got_from(key):
    with vitrine.Producer(key) as producer:
        producer.publish(np.full((500, 500), 7, np.uint8))
        with vitrine.Consumer(key, timeout=5) as consumer:
            image = next(consumer)
            kept, private, data = image.array, image.copy(), image.data
            assert private.array.flags.writeable
        assert (kept == 7).all()  # still mapped
        assert not kept.flags.writeable
        with pytest.raises(ValueError):
            kept.setflags(write=True)
        with pytest.raises(vitrine.Closed):
            image.data
    del image, consumer, producer
    gc.collect()
    kept.sum()
    with pytest.raises(ValueError, match="released"):
        data[0]
    assert (private.array == 7).all()


def test_the_memory_is_unmapped_with_the_last_view(key):
    def mapped():
        with open("/proc/self/maps") as maps:
            return f"SYSV{key:08x}" in maps.read()
    producer = vitrine.Producer(key)
    slot = producer.claim((4, 4))
    array = slot.array
    slot.abandon()
    producer.close()
    del slot, producer
    gc.collect()
    assert mapped()
    del array
    gc.collect()
    assert not mapped()


def test_an_exception_keeps_nothing(key):
    """No frame is kept in a cycle with the exception: what was dropped is dropped at once."""
    gc.disable()
    try:
        producer = vitrine.Producer(key, slots=2, slot_size=1 << 16, when_full="fail")
        slots = [producer.claim((4, 4)) for _ in range(2)]
        for shape in ((4, 4), (1000, 1000)):
            with pytest.raises((vitrine.Full, vitrine.TooLarge)):
                producer.claim(shape)
        with pytest.raises(vitrine.Timeout):
            vitrine.Consumer(key).take(timeout=0)
        assert vitrine.status(key).consumers.value == 0
        del slots, producer
        with pytest.raises(vitrine.NotThere):
            vitrine.status(key)
    finally:
        gc.enable()


def test_mirrors_take_nothing(key):
    with vitrine.Mirror(key, timeout=0.05) as mirror, vitrine.Producer(key) as producer:
        with pytest.raises(vitrine.NotThere):
            mirror.latest()
        with pytest.raises(vitrine.Timeout):
            mirror.newer()
        for number in (1, 2):
            producer.publish(np.full((8, 8), number, np.uint8))
        image = mirror.newer()
        assert image.sequence == 2 and (image.array == 2).all()
        image.array[...] = 0  # it is ours
        assert (mirror.latest().array == 2).all()
        with vitrine.Consumer(key) as consumer:
            assert [next(consumer).sequence for _ in range(2)] == [1, 2]


def test_a_mirror_never_sees_a_torn_image(key):
    stop = threading.Event()

    def produce():
        with vitrine.Producer(key, slots=2, when_full="drop-oldest") as producer:
            number = 0
            while not stop.is_set():
                number += 1
                try:
                    producer.publish(np.full((300, 300), number % 256, np.uint8))
                except vitrine.Full:
                    pass
    thread = threading.Thread(target=produce)
    with vitrine.Mirror(key, timeout=10) as mirror:
        thread.start()
        for _ in range(300):
            assert len(np.unique(mirror.newer().array)) == 1
        stop.set()
        thread.join()
        with vitrine.Consumer(key) as consumer:
            while vitrine.status(key).full.value:
                next(consumer)


def test_a_prepared_slot_has_its_memory(key):
    def faults(shape):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        slot = producer.claim(shape)
        slot.array[...] = 7
        slot.abandon()
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    with vitrine.Producer(key, slots=2) as producer:
        shape = (1024, 2048, 4)
        assert faults(shape) > 1024
        producer.prepare(0)
        producer.trim()
        producer.prepare(shape)
        assert producer.trim() == 0
        assert faults(shape) < 1024
        with pytest.raises(ValueError):
            producer.prepare((1, 2, 3, 4))
        with pytest.raises(ValueError):
            producer.prepare(-1)
        with pytest.raises(vitrine.TooLarge):
            producer.prepare(1 << 40)
        held = [producer.claim((1, 1)) for _ in range(2)]
        with pytest.raises(vitrine.Full):
            producer.prepare(1)
        for slot in held:
            slot.abandon()


def test_when_the_channel_is_full(key):
    with vitrine.Producer(key, slots=3, timeout=0.05) as producer:
        for _ in range(3):
            producer.publish(SMALL)
        with pytest.raises(vitrine.Timeout):
            producer.publish(SMALL)
        with pytest.raises(vitrine.Full, match="all 3 slots"):
            producer.publish(SMALL, when_full="fail")
        with producer.claim((2, 2), when_full="drop-oldest") as slot:
            assert slot.dropped == 1
        with vitrine.Consumer(key) as consumer:
            assert [next(consumer).sequence for _ in range(3)] == [2, 3, 4]


def test_a_removed_channel(key):
    with vitrine.Producer(key) as producer, vitrine.Consumer(key) as consumer:
        from vitrine import _library
        _library.lib.vitrine_remove.restype = int
        _library.lib.vitrine_remove(producer._handle.pointer)
        with pytest.raises(vitrine.Removed, match="open it again"):
            producer.publish(SMALL)
        with pytest.raises(vitrine.Removed):
            next(consumer)
    with pytest.raises(vitrine.NotThere):
        vitrine.status(key)


def test_bad_arguments_of_channels(key):
    for bad in ("", "0", 0, "x" * 300, 1 << 32, -1):
        with pytest.raises(vitrine.BadKey):
            vitrine.Producer(bad)
    with pytest.raises(vitrine.InvalidArgument, match="1 slots"):
        vitrine.Producer(key, slots=1)
    for bad in ({"slots": -1}, {"slot_size": -1}, {"mode": 1 << 40}, {"timeout": float("nan")},
                {"when_full": "never"}):
        with pytest.raises(ValueError):
            vitrine.Producer(key, **bad)


def test_status(key):
    with vitrine.Producer(key, slots=3, slot_size=1 << 20) as producer, vitrine.Consumer(key) as c:
        producer.publish(SMALL, "first")
        producer.publish(SMALL, "second")
        with c.take(), producer.claim((2, 2)) as slot:
            status = vitrine.status(key)
            slot.abandon()
        assert (status.key, status.slot_size, status.mode) == (key, 1 << 20, 0o600)
        assert status.producers.value == status.consumers.value == 1 and status.mirrors.value == 0
        assert [slot.state for slot in status.slots] == ["reading", "ready", "writing"]
        names = [slot.image and slot.image.name for slot in status.slots]
        assert names == ["first", "second", None]
        assert [slot.latest for slot in status.slots] == [False, True, False]
        next(c)


def test_100000_publishes_without_growth(key):
    def weight():
        gc.collect()
        with open("/proc/self/statm") as statm:
            resident = int(statm.read().split()[1]) * 4096
        return resident, len(gc.get_objects()), len(weakref.finalize._registry)
    with vitrine.Producer(key) as producer, vitrine.Consumer(key, timeout=10) as consumer:
        for number in range(1, 100_001):
            assert producer.publish(SMALL) == number
            with consumer.take() as image:
                assert image.sequence == number
            if number == 5_000:
                before = weight()
        after = weight()
        assert after[0] - before[0] < 2 << 20
        assert after[1] - before[1] < 100 and after[2] == before[2] + 0
        assert states(key) == {"empty": 4}
        assert vitrine.status(key).empty.value == 3


class Now(Exception):
    pass


def test_a_signal_at_any_moment_leaks_nothing(key):
    """
    An exception out of a signal handler, between any two steps of the interpreter. Not inside a
    finalizer: there Python swallows it, and what was not given back is given back by close().
    """
    def handler(*_):
        raise Now
    old = signal.signal(signal.SIGALRM, handler)
    chance = random.Random(key)
    producer = vitrine.Producer(key, when_full="drop-oldest")
    consumer = vitrine.Consumer(key, timeout=1)
    watcher = vitrine.Mirror(key)  # keeps the channel
    hits = 0
    end = time.monotonic() + 2
    try:
        while time.monotonic() < end:
            try:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-5, 4e-4))
                for _ in range(20):
                    with producer.claim((8, 8)) as slot:
                        slot.array[...] = 1
                    producer.publish(SMALL)
                    next(consumer)
                    with consumer.take():
                        pass
            except Now:
                hits += 1
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            slot = None  # it may be unfinished: dropped here, where no signal comes
    except Now:
        slot = None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    gc.collect()
    assert hits > 100
    assert not states(key).get("writing")
    assert states(key).get("reading", 0) <= 1  # the last of the iteration
    consumer.close()
    producer.close()
    status = vitrine.status(key)
    assert status.producers.value == status.consumers.value == 0
    with vitrine.Consumer(key, timeout=0) as rest, pytest.raises(vitrine.Timeout):
        for _ in rest:
            pass
    assert states(key) == {"empty": 4}
    watcher.close()


def test_images_are_polled_for(key):
    def is_readable(what, seconds):
        return select.select([what], [], [], seconds)[0] == [what]

    with vitrine.Producer(key) as producer, vitrine.Consumer(key) as consumer, \
            vitrine.Mirror(key) as mirror:
        assert not is_readable(consumer, 0) and not is_readable(mirror, 0)
        for number in (1, 2):
            producer.publish(SMALL)
            assert is_readable(consumer, 30) and is_readable(mirror, 30)
            assert mirror.latest().sequence == number
            with consumer.take(timeout=0) as image:
                assert image.sequence == number
