"""A Python producer of test_torture.py: end_producer.py PREFIX. Publishes until it is killed, and
prints the name of each as soon as it is published."""
import hashlib
import os
import random
import sys

import vitrine

with vitrine.Producer() as producer:
    number = 0
    while True:
        number += 1
        name = "%s-%d.bin" % (sys.argv[1], number)
        body = random.randbytes(random.choice((0, 1, 5000, 200000)))
        content = hashlib.sha256(body).digest() + body
        if number % 2:
            producer.publish_file(content, name=name, md5=True)
        else:  # in place
            with producer.claim_bytes(len(content), name=name) as slot:
                slot.data[:] = content
        os.write(1, b"published name=%s\n" % name.encode())
