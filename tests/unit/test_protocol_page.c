/*
 * test_protocol_page.c - docs/protocol.md lists every transition exactly as transitions.c has it.
 * If it fails, it prints what the page should say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "transitions.h"

/* The lines between the two comments, without the code fence. Returns how many. */
static unsigned read_page(char lines[][512], unsigned most)
{
	const char *source = getenv("VITRINE_SOURCE");
	bool inside = false;
	unsigned count = 0;
	char path[4096], line[512];
	FILE *page;

	snprintf(path, sizeof(path), "%s/docs/protocol.md", source ? source : ".");
	page = fopen(path, "r");
	assert_non_null(page);
	while (fgets(line, sizeof(line), page) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "<!-- end of transitions", 23) == 0)
			inside = false;
		if (inside && strcmp(line, "```") != 0 && count < most)
			strcpy(lines[count++], line);
		if (strncmp(line, "<!-- transitions", 16) == 0)
			inside = true;
	}
	fclose(page);
	return count;
}

static void page_lists_the_table(void **state)
{
	char lines[2 * T_COUNT][512];
	unsigned count = read_page(lines, 2 * T_COUNT);
	unsigned wrong = 0;

	(void)state;
	for (unsigned i = 0; i < T_COUNT; i++) {
		char text[480], should[512];

		snprintf(should, sizeof(should), "%-16s %s", transition_name(i),
			transition_text(i, text, sizeof(text)));
		if (i < count && strcmp(lines[i], should) == 0)
			continue;
		print_error("line %u should be: %s\n", i + 1, should);
		wrong++;
	}
	assert_int_equal(wrong, 0);
	assert_int_equal(count, T_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(page_lists_the_table)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
