/*
 * test_options.c - the options that both programs share, and the default memory limit. Options that
 * end the program are tested in a child process, whose output is read.
 */
#include <fcntl.h>
#include <sys/wait.h>

#include "budget.h"
#include "files.h"
#include "options.h"

static const struct argp_child children[] = {OPTIONS_CHILD, {0}};

static error_t parse_nothing(int key, char *text, struct argp_state *state)
{
	(void)text;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static const struct argp argp = {
	.parser = parse_nothing, .args_doc = "[FILE]...", .doc = "A test.", .children = children};

static struct common_options parse(const char *const arguments[], size_t count)
{
	struct common_options options;
	char *argv[16] = {(char[]){"vitrine-test"}};

	for (size_t i = 0; i < count; i++)
		argv[i + 1] = (char *)(uintptr_t)arguments[i];
	assert_int_equal(options_parse(&argp, (int)count + 1, argv, &options), 0);
	return options;
}

#define PARSE(...)                                                                                 \
	parse((const char *const[]){__VA_ARGS__},                                                  \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* What the options print, in `output`; returns the exit status. */
static int run(const char *argument, char *output, size_t size)
{
	size_t used = 0;
	ssize_t count;
	int ends[2];
	int status;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		PARSE(argument);
		fflush(NULL);
		_exit(99); /* it did not end the program */
	}
	close(ends[1]);
	while ((count = read(ends[0], output + used, size - 1 - used)) > 0)
		used += (size_t)count;
	output[used] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_nothing_given(void **state)
{
	struct common_options options = parse(NULL, 0);

	(void)state;
	assert_null(options.key);
	assert_int_equal(options.slots, 0);
	assert_int_equal(options.slot_size, 0);
	assert_int_equal(options.mode, 0);
	assert_true(options.memory >= BUDGET_LEAST && options.memory <= BUDGET_MOST);
	assert_false(options.verbose || options.full_screen || options.has_size ||
		     options.has_position);
}

static void test_all_given(void **state)
{
	struct common_options options = PARSE("--key", "class", "--slots=64", "--slot-size=1.5G",
		"--mode=644", "--any-owner", "--memory", "512M", "-v", "--full-screen",
		"--geometry=800x600-10+20", "--theme=auto", "--text-size=150", "--lecture",
		"--title=room 2");

	(void)state;
	assert_string_equal(options.key, "class");
	assert_int_equal(options.slots, 64);
	assert_int_equal(options.slot_size, UINT64_C(3) << 29);
	assert_int_equal(options.mode, 0644);
	assert_true(options.any_owner);
	assert_int_equal(options.memory, 512 << 20);
	assert_true(options.verbose && options.full_screen);
	assert_true(options.has_size && options.has_position);
	assert_string_equal(options.theme, "auto");
	assert_int_equal(options.text_size, 150);
	assert_true(options.lecture);
	assert_string_equal(options.title, "room 2");
	assert_int_equal(options.width, 800);
	assert_int_equal(options.height, 600);
	assert_int_equal(options.x, -10);
	assert_int_equal(options.y, 20);
}

static void test_half_a_geometry(void **state)
{
	struct common_options size = PARSE("--geometry=640x480");
	struct common_options place = PARSE("--geometry=+5+6");

	(void)state;
	assert_true(size.has_size && !size.has_position);
	assert_true(!place.has_size && place.has_position);
	assert_int_equal(place.y, 6);
}

static void test_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes; /* 0: refused */
	} cases[] = {{"1", 1}, {"4096", 4096}, {"1k", 1024}, {"2KiB", 2048}, {"3MB", 3 << 20},
		{"1.5G", UINT64_C(3) << 29}, {"64G", UINT64_C(64) << 30}, {"65G", 0}, {"", 0},
		{"0", 0}, {"-1", 0}, {"G", 0}, {"1X", 0}, {"1KK", 0}, {"1 M", 0}, {"nan", 0},
		{"inf", 0}, {"0x10", 0}, {"1e3", 0}, {"1..5", 0}, {".", 0},
		{"99999999999999999999999999", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t bytes = 0;
		bool ok = options_size(cases[i].text, UINT64_C(64) << 30, &bytes);

		if (ok != (cases[i].bytes != 0) || bytes != cases[i].bytes)
			fail_msg("\"%s\" gave %llu", cases[i].text, (unsigned long long)bytes);
	}
}

static void test_usage_errors_say_the_remedy(void **state)
{
	static const char *const cases[][2] = {
		{"--slots=1", "2 to 64 slots"},
		{"--slots=65", "2 to 64 slots"},
		{"--slots=many", "2 to 64 slots"},
		{"--slot-size=65G", "up to 64G"},
		{"--slot-size=huge", "such as 256M"},
		{"--mode=9", "600"},
		{"--mode=044", "600"},
		{"--mode=01777", "600"},
		{"--memory=0", "such as 512M"},
		{"--geometry=big", "1200x800"},
		{"--geometry=0x0", "1200x800"},
		{"--geometry=800x600+1", "1200x800"},
		{"--geometry=99999x1", "1200x800"},
		{"--theme=blue", "dark, light or auto"},
		{"--text-size=50", "from 100 to 300"},
		{"--text-size=big", "from 100 to 300"},
		{"--no-such-option", "unrecognized option"},
	};
	char output[8192];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(run(cases[i][0], output, sizeof(output)), 2);
		if (strstr(output, cases[i][1]) == NULL)
			fail_msg("%s: expected \"%s\", got \"%s\"", cases[i][0], cases[i][1],
				output);
		assert_non_null(strstr(output, "--help"));
	}
}

static void test_help_and_version(void **state)
{
	char output[8192];

	(void)state;
	assert_int_equal(run("--help", output, sizeof(output)), 0);
	assert_non_null(strstr(output, "--slot-size=SIZE"));
	assert_non_null(strstr(output, "[FILE]..."));
	assert_int_equal(run("-h", output, sizeof(output)), 0);
	assert_non_null(strstr(output, "-k, --key=KEY"));
	assert_int_equal(run("--usage", output, sizeof(output)), 0);
	assert_non_null(strstr(output, "Usage:"));
	assert_int_equal(run("--version", output, sizeof(output)), 0);
	assert_non_null(strstr(output, "vitrine-test (Vitrine) "));
	assert_int_equal(run("-V", output, sizeof(output)), 0);
}

/* ---- the budget, on made-up machines --------------------------------------------------------- */

static void write_text(struct files *files, const char *name, const char *text)
{
	files_write(files, name, text, strlen(text));
}

static void test_the_budget(void **state)
{
	static const char *const folders[] = {"proc", "proc/self", "sys", "sys/fs", "sys/fs/cgroup",
		"sys/fs/cgroup/a", "sys/fs/cgroup/a/b", "sys/fs/cgroup/memory"};
	struct files files;

	(void)state;
	files_open(&files);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(files_path(&files, folders[i]), 0700), 0);
	assert_int_equal(budget_default(files.folder), BUDGET_MOST); /* nothing is known */

	write_text(&files, "proc/meminfo", "MemTotal: 9999999 kB\nMemAvailable:    2097152 kB\n");
	assert_int_equal(budget_default(files.folder), 512 << 20);

	write_text(&files, "proc/self/cgroup", "1:cpu:/x\n0::/a/b\n");
	write_text(&files, "sys/fs/cgroup/a/b/memory.max", "max\n");
	assert_int_equal(budget_default(files.folder), 512 << 20);

	write_text(&files, "sys/fs/cgroup/a/memory.max", "1073741824\n"); /* of the group above */
	assert_int_equal(budget_default(files.folder), 256 << 20);

	write_text(&files, "proc/self/cgroup", "4:memory:/not/mounted\n");
	write_text(&files, "sys/fs/cgroup/memory/memory.limit_in_bytes", "524288000\n");
	assert_int_equal(budget_default(files.folder), 524288000 / 4);

	write_text(&files, "proc/meminfo", "MemAvailable: 1000 kB\n");
	assert_int_equal(budget_default(files.folder), BUDGET_LEAST);
	files_close(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_given),
		cmocka_unit_test(test_all_given),
		cmocka_unit_test(test_half_a_geometry),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_usage_errors_say_the_remedy),
		cmocka_unit_test(test_help_and_version),
		cmocka_unit_test(test_the_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
