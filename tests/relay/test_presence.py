#!/usr/bin/env python3
"""Presence: the receiver reports when the sender has left or was lost, and when another sender
starts."""

import relaytest
from mqtt import Client
from relaytest import ASSETS, TOPIC

PHOTO, GLASS = ASSETS / "lighthouse.jpg", ASSETS / "glass.png"


class Presence(relaytest.RelayTest):
    def setUp(self):
        super().setUp()
        self.url = self.broker().url()
        self.receiver_ = self.receiver(self.url)
        self.sender_ = self.sender(self.url)
        self.wait_event(self.receiver_, "sender", state="here")
        self.show(PHOTO)
        self.wait_event(self.receiver_, "published", number=1)
        self.assertEqual(self.producers(), 1)

    def producers(self):
        return self.status_of(self.there)["producers"]["value"]

    def assert_gone(self, state):
        self.wait_event(self.receiver_, "sender", state=state)
        self.assertTrue(relaytest.wait_for(lambda: self.producers() == 0))
        self.assertEqual(self.newest()["name"], PHOTO.name)  # the last good picture stays

    def assert_back(self, number):
        count = len(self.events(self.receiver_, "sender"))
        sender = self.sender(self.url)
        self.assertTrue(relaytest.wait_for(lambda: self.producers() == 1))
        self.assertTrue(relaytest.wait_for(
            lambda: len(self.events(self.receiver_, "sender")) > count))
        self.show(GLASS)
        self.wait_event(self.receiver_, "published", name=GLASS.name, number=number)
        return sender

    def test_he_leaves_and_comes_back(self):
        self.end(self.sender_)
        self.assert_gone("left")
        self.assert_back(2)

    def test_he_is_killed(self):
        self.sender_.kill()
        self.sender_.wait()
        self.assert_gone("lost")
        self.assert_back(2)

    def test_the_broker_goes(self):
        """The picture may be out of date, and the window must say so."""
        self.brokers[0].kill()
        self.assertTrue(relaytest.wait_for(lambda: self.producers() == 0))
        self.assertEqual(self.newest()["name"], PHOTO.name)
        self.brokers[0].start()
        self.assertTrue(relaytest.wait_for(lambda: self.producers() == 1))
        self.show(GLASS)
        self.wait_event(self.receiver_, "published", name=GLASS.name, number=2)
        self.assertEqual(len(self.events(self.receiver_, "published")), 2)

    def test_a_second_one(self):
        """Both senders are told; the newest picture wins; when the second one leaves, the first is
        still here."""
        self.environment["VITRINE_KEY"] = self.here
        second = self.start("relay", "--to", self.url, "-k", self.there)
        self.wait_line(second, "connected")
        other = self.events(second, "connected")[0]["sender"]
        self.wait_event(self.sender_, "another", sender=other)
        self.assertIn("another topic", relaytest.wait_for(self.sender_.errors.read_text))
        first = self.events(self.sender_, "connected")[0]["sender"]
        self.wait_event(self.receiver_, "another", sender=other)
        self.end(second)
        self.assertTrue(relaytest.wait_for(lambda: self.events(
            self.receiver_, "sender")[-1] == {"state": "here", "sender": first,
                                              "topic": TOPIC}))
        with Client(self.brokers[0].port) as client:  # a third sender
            client.publish(TOPIC, GLASS.read_bytes(), name="b.png", sender="intruder", sequence=1,
                           content_type="image/png")
            self.wait_event(self.receiver_, "another", sender="intruder")
            self.wait_event(self.receiver_, "published", name="b.png")
            client.publish(TOPIC + "/status", b"left", sender="intruder")
        self.assertEqual(self.producers(), 1)
        self.show(ASSETS / "tiny.png")
        self.wait_event(self.receiver_, "published", name="tiny.png", number=2)

    def test_strangers_do_not_count(self):
        """Messages of other clients must not make a sender count as gone."""
        with Client(self.brokers[0].port) as client:
            for word in (b"left", b"lost"):
                client.publish(TOPIC + "/status", word, sender="stranger")
            client.publish(TOPIC + "/status", b"left")
            client.publish(TOPIC + "/status", b"\xff" * 1000, sender="stranger")
            client.publish(TOPIC + "/status", b"", sender="stranger")
        self.show(GLASS)
        self.wait_event(self.receiver_, "published", number=2)
        self.assertEqual([event["state"] for event in self.events(self.receiver_, "sender")],
                         ["here"])

    def test_cleared(self):
        self.publish(self.brokers[0], None, "-r")
        self.wait_event(self.receiver_, "cleared")
        self.assertEqual(self.newest()["name"], PHOTO.name)

    def test_a_loop_ends(self):
        """A machine that sends on the topic from which it receives must not send a picture for
        ever."""
        loop = self.start("relay", "--to", self.url, "-k", self.there)
        self.wait_line(loop, "connected")
        self.show(GLASS)
        self.wait_event(self.receiver_, "published", name=GLASS.name)
        self.wait_event(loop, "sent", name=GLASS.name)
        self.show(PHOTO)
        self.wait_event(self.receiver_, "published", name=PHOTO.name, number=3)
        self.wait_event(loop, "sent", name=PHOTO.name)
        self.assertLess(len(self.events(loop, "sent")), 6)
        self.assertLess(len(self.events(self.receiver_, "published")), 6)


if __name__ == "__main__":
    relaytest.main()
