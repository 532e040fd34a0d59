"""
Pass images between processes through System V shared memory, and show them on the screen.

    import vitrine, numpy as np
    vitrine.show(np.random.rand(480, 640), name="noise")    # opens a window; returns at once

    with vitrine.Producer() as producer:                     # publishes in a channel
        producer.publish(array)
        with producer.claim((1080, 1920, 4)) as slot:        # writes in place, without a copy
            slot.array[...] = 255

    for image in vitrine.Consumer():                         # takes images, the oldest first
        print(image.name, image.array.shape)

    image = vitrine.Mirror().latest()                        # copies the newest image, takes none
    print(vitrine.status())                                  # every semaphore, every slot

Arrays are NumPy's, uint8, rows top down: (H, W) grey, (H, W, 3) R G B, (H, W, 4) R G B A. Times are
in seconds, sizes in bytes. Every failure raises a vitrine.Error with the library's message. NumPy
and Pillow are optional.
"""
from ._consumer import Consumer, Mirror, TakenImage
from ._errors import (
    BadKey, Busy, Closed, Damaged, Denied, Error, Foreign, Forked, Full, InvalidArgument, Limit,
    NoMemory, NotThere, NoWindow, Removed, Timeout, TooLarge, WindowClosed, WrongVersion)
from ._image import Image, ImageInfo
from ._producer import Producer, Slot
from ._show import Click, close, is_open, show, wait_click, wait_key
from ._status import Semaphore, SlotStatus, Status, status

__version__ = "0.2.0"

__all__ = [
    "BadKey", "Busy", "Click", "Closed", "Consumer", "Damaged", "Denied", "Error", "Foreign",
    "Forked", "Full", "Image", "ImageInfo", "InvalidArgument", "Limit", "Mirror", "NoMemory",
    "NoWindow",
    "NotThere", "Producer", "Removed", "Semaphore", "Slot", "SlotStatus", "Status", "TakenImage",
    "Timeout", "TooLarge", "WindowClosed", "WrongVersion", "close", "is_open", "show", "status",
    "wait_click", "wait_key"]
