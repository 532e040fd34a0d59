"""A Python consumer of test_torture.py: end_consumer.py LEDGER. Takes until it is killed, and writes
the name of each whole image into the ledger before it is released."""
import hashlib
import os
import sys

import vitrine

ledger = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
for image in vitrine.Consumer():
    whole = hashlib.sha256(image.data[32:]).digest() == image.data[:32]
    os.write(ledger, b"%s name=%s\n" % (b"took" if whole else b"TORN", image.name.encode()))
