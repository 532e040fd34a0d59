/*
 * test_message_header.c - what travels beside a picture: there and back, and out of whatever
 * strangers send.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "announcement.h"
#include "digest.h"
#include "message_header.h"

/* Reads what one user property makes of a header. */
static struct message_header read_one(const char *name, const char *value)
{
	mosquitto_property *properties = NULL;
	struct message_header header;

	assert_int_equal(mosquitto_property_add_string_pair(&properties, MQTT_PROP_USER_PROPERTY,
				 name, value),
		MOSQ_ERR_SUCCESS);
	message_header_of_properties(&header, properties);
	mosquitto_property_free_all(&properties);
	return header;
}

static void assert_comes_back(const struct message_header *header)
{
	mosquitto_property *properties = NULL;
	struct message_header again;

	assert_true(message_header_to_properties(header, &properties));
	message_header_of_properties(&again, properties);
	mosquitto_property_free_all(&properties);
	assert_string_equal(again.media_type, header->media_type);
	assert_string_equal(again.name, header->name);
	assert_string_equal(again.sender, header->sender);
	assert_int_equal(again.sequence, header->sequence);
	assert_int_equal(again.bytes, header->bytes);
	assert_int_equal(again.published_ms, header->published_ms);
	assert_int_equal(again.checksum, header->checksum);
	assert_memory_equal(again.digest, header->digest, sizeof(again.digest));
}

static void test_there_and_back(void **state)
{
	struct message_header header = {
		.media_type = "image/png",
		.name = "a \"b\" ä.png",
		.sender = "host-1a2b3c4d",
		.sequence = UINT64_MAX,
		.bytes = 1,
		.published_ms = 1763712000000,
		.checksum = VITRINE_MD5,
		.digest = {0, 1, 2, 0xff, 0xfe, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	};

	(void)state;
	assert_true(message_header_is_complete(&header));
	assert_comes_back(&header);
	header.checksum = VITRINE_XXH3;
	memset(header.digest + 8, 0, 8);
	assert_comes_back(&header);
	memset(&header, 0, sizeof(header));
	assert_false(message_header_is_complete(&header));
	assert_comes_back(&header);
}

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(read_one("sequence", "7").sequence, 7);
	assert_int_equal(read_one("sequence", "18446744073709551615").sequence, UINT64_MAX);
	assert_int_equal(read_one("sequence", "18446744073709551616").sequence, 0);
	assert_int_equal(read_one("sequence", "-1").sequence, 0);
	assert_int_equal(read_one("sequence", "7 ").sequence, 0);
	assert_int_equal(read_one("sequence", " 7").sequence, 0);
	assert_int_equal(read_one("sequence", "").sequence, 0);
	assert_int_equal(read_one("bytes", "0x10").bytes, 0);
}

static void test_checksums(void **state)
{
	static const char *const wrong[] = {"", "md5", "md5:", "xxh3:0011223344556677 ",
		"xxh3:00112233445566", "xxh3:001122334455667788", "xxh3:zz11223344556677",
		"sha1:0011223344556677", "xxh3:0011 223344556 7", "md5:0011223344556677",
		"a very long name of a checksum:00", ":", "xxh3:+011223344556677"};

	(void)state;
	assert_int_equal(read_one("checksum", "xxh3:0011223344556677").checksum, VITRINE_XXH3);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct message_header header = read_one("checksum", wrong[i]);
		static const uint8_t none[sizeof(header.digest)];

		if (header.checksum != VITRINE_NO_CHECKSUM)
			fail_msg("\"%s\" is taken for a checksum", wrong[i]);
		assert_memory_equal(header.digest, none, sizeof(none));
	}
}

/* Texts of strangers are cut, and come out so that they can be printed. */
static void test_texts(void **state)
{
	char text[5000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(strlen(read_one("name", text).name), VITRINE_NAME_MAX - 1);
	assert_int_equal(strlen(read_one("sender", text).sender), HEADER_SENDER_MAX - 1);
	assert_string_equal(read_one("name", "a\nb\x1b").name, "a%0Ab%1B");
	assert_string_equal(read_one("Name", "a").name, "");
	assert_string_equal(read_one(text, "a").name, "");
}

static void test_announcements(void **state)
{
	(void)state;
	for (enum announcement i = ANNOUNCEMENT_HERE; i <= ANNOUNCEMENT_LOST; i++) {
		const char *word = announcement_word(i);

		assert_int_equal(announcement_of_word(word, strlen(word)), i);
		assert_int_equal(announcement_of_word(word, strlen(word) - 1),
			ANNOUNCEMENT_UNKNOWN);
		assert_int_equal(announcement_of_word(word, strlen(word) + 1),
			ANNOUNCEMENT_UNKNOWN);
	}
	assert_int_equal(announcement_of_word(NULL, 0), ANNOUNCEMENT_UNKNOWN);
	assert_int_equal(announcement_of_word("HERE", 4), ANNOUNCEMENT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_announcements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
