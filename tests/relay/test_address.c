/* test_address.c - URLs of brokers: what they mean, and what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "address.h"

static struct address address;
static char reason[TEXT_REASON_MAX];

static void assert_is(const char *url, bool tls, const char *user, const char *host, int port,
	const char *topic)
{
	if (!address_parse(&address, url, reason))
		fail_msg("%s: %s", url, reason);
	assert_int_equal(address.tls, tls);
	assert_string_equal(address.user, user);
	assert_string_equal(address.host, host);
	assert_int_equal(address.port, port);
	assert_string_equal(address.topic, topic);
	assert_memory_equal(address.status, topic, strlen(topic));
	assert_string_equal(address.status + strlen(topic), "/status");
}

static void assert_refused(const char *url, const char *why)
{
	if (address_parse(&address, url, reason))
		fail_msg("%s is not an error", url);
	if (strstr(reason, why) == NULL)
		fail_msg("%s: \"%s\" does not say %s", url, reason, why);
}

static void test_parts(void **state)
{
	(void)state;
	assert_is("mqtt://broker/class/7b", false, "", "broker", 1883, "class/7b");
	assert_is("mqtts://broker/x", true, "", "broker", 8883, "x");
	assert_is("mqtt://broker:1/x", false, "", "broker", 1, "x");
	assert_is("mqtt://broker:65535/x", false, "", "broker", 65535, "x");
	assert_is("mqtt://anna@broker/x", false, "anna", "broker", 1883, "x");
	assert_is("mqtt://a%40b@broker/x", false, "a@b", "broker", 1883, "x");
	assert_is("mqtt://[::1]/x", false, "", "::1", 1883, "x");
	assert_is("mqtts://[fe80::1%25eth0]:99/x", true, "", "fe80::1%eth0", 99, "x");
	assert_is("mqtt://h//x/", false, "", "h", 1883, "/x/");
	assert_is("mqtt://h/a@b:c", false, "", "h", 1883, "a@b:c");
	assert_is("mqtt://h/a%20b%C3%A4", false, "", "h", 1883, "a bä");
}

static void test_transports(void **state)
{
	(void)state;
	assert_is("mqtt+unix://%2Frun%2Fmosquitto.sock/class/7b", false, "", "/run/mosquitto.sock",
		0, "class/7b");
	assert_int_equal(address.transport, ADDRESS_UNIX);
	assert_is("mqtt://h/x", false, "", "h", 1883, "x");
	assert_int_equal(address.transport, ADDRESS_TCP);
	assert_refused("ws://h/x", "use the broker's port for MQTT");
	assert_refused("wss://h/x", "tunnel it: ssh -L");
}

static void assert_label(const char *url, const char *topic, const char *label)
{
	char text[ADDRESS_LABEL_MAX];

	assert_true(address_parse(&address, url, reason));
	assert_string_equal(address_label(&address, topic, text), label);
}

static void test_wildcards(void **state)
{
	(void)state;
	assert_is("mqtt://h/a/+/b", false, "", "h", 1883, "a/+/b");
	assert_true(address.is_filter);
	assert_true(address_parse(&address, "mqtt://h/a/#", reason));
	assert_true(address.is_filter);
	assert_string_equal(address.status, ""); /* a/# has a/status, too */
	assert_true(address_parse(&address, "mqtt://h/a/b", reason));
	assert_false(address.is_filter);
	assert_label("mqtt://h/frigate/+/person/snapshot", "frigate/front/person/snapshot",
		"front");
	assert_label("mqtt://h/+/cam/+", "house/cam/front", "house-front");
	assert_label("mqtt://h/a/#", "a/b/c", "b-c");
	assert_label("mqtt://h/+/#", "a/b/c", "a-b-c");
	assert_label("mqtt://h/a/#", "a", "a-#");
	assert_label("mqtt://h/a/b", "a/b", "a-b");
}

static void test_refusals(void **state)
{
	(void)state;
	assert_refused("", "mqtt://");
	assert_refused("http://h/x", "mqtt://");
	assert_refused("mqtt:/h/x", "mqtt://");
	assert_refused("mqtt://h", "topic");
	assert_refused("mqtt://h/", "topic");
	assert_refused("mqtt:///x", "host");
	assert_refused("mqtt://:1883/x", "host");
	assert_refused("mqtt://[]/x", "host");
	assert_refused("mqtt://[::1/x", "bracket");
	assert_refused("mqtt://[::1]x/x", "port");
	assert_refused("mqtt://h:/x", "port");
	assert_refused("mqtt://h:0/x", "port");
	assert_refused("mqtt://h:65536/x", "port");
	assert_refused("mqtt://h:-1/x", "port");
	assert_refused("mqtt://h:1x/x", "port");
	assert_refused("mqtt://anna:secret@h/x", "VITRINE_MQTT_PASSWORD");
	assert_refused("mqtt://h/a/x+/b", "whole levels");
	assert_refused("mqtt://h/a#", "whole levels");
	assert_refused("mqtt://h/%23/x", "last level");
	assert_refused("mqtt+unix:///run/x/y", "%2F");
	assert_refused("mqtt+unix://run/x", "%2F");
	assert_refused("mqtt://h/$SYS/x", "$");
	assert_refused("mqtt://h/a%00b", "%XX");
	assert_refused("mqtt://h/a%0", "%XX");
	assert_refused("mqtt://h/a%zz", "%XX");
	assert_refused("mqtt://h/a%0a", "control");
	assert_refused("mqtt://h/a%ff", "UTF-8");
	assert_refused("mqtt://h%00/x", "host");
}

static void test_no_secret_is_repeated(void **state)
{
	(void)state;
	assert_refused("mqtt://anna:secret@h/x", "password");
	assert_null(strstr(reason, "secret"));
}

static void test_long_ones(void **state)
{
	char url[4096];

	(void)state;
	for (size_t length = 1; length < 2000; length += 37) {
		memcpy(url, "mqtt://", 7);
		memset(url + 7, 'h', length);
		memcpy(url + 7 + length, "/x", 3);
		assert_int_equal(address_parse(&address, url, reason), length < ADDRESS_HOST_MAX);
		memcpy(url, "mqtt://h/", 9);
		memset(url + 9, 't', length);
		url[9 + length] = '\0';
		assert_int_equal(address_parse(&address, url, reason), length < ADDRESS_TOPIC_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_transports),
		cmocka_unit_test(test_wildcards),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_no_secret_is_repeated),
		cmocka_unit_test(test_long_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
