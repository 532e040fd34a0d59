/* source_line.c - see source_line.h. */
#include "source_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/uio.h>

#ifdef HAVE_LIBDW
#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#endif

#include "base/translate.h"

void call_site_keep(struct call_site *place, const struct tracer_task *task)
{
	uint64_t stack = registers_stack(&task->registers);
	struct iovec here = {place->stack, CALL_SITE_STACK};
	struct iovec there = {(void *)(uintptr_t)stack, CALL_SITE_STACK};
	ssize_t size;

	place->registers = task->registers;
	size = process_vm_readv(task->tid, &here, 1, &there, 1, 0);
	if (size < 0) { /* less than CALL_SITE_STACK remains on the stack */
		here.iov_len = there.iov_len = 4096 - stack % 4096;
		if (here.iov_len > CALL_SITE_STACK)
			here.iov_len = there.iov_len = CALL_SITE_STACK;
		size = process_vm_readv(task->tid, &here, 1, &there, 1, 0);
	}
	place->size = size > 0 ? (uint32_t)size : 0;
}

/* True if it is a function with a usual name of P() and V(), or one defined in a header. */
static bool is_wrapper(const struct source_line *line)
{
	const char *function = line->function;
	const char *ending = strrchr(line->file, '.');

	static const char *const names[] = {"p", "v", "wait", "signal", "down", "up", "acquire",
		"release", "lock", "unlock", "take", "give", "get", "put"};

	if (ending != NULL && strcmp(ending, ".h") == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(function, names[i]) == 0)
			return true;
	return strncasecmp(function, "sem", 3) == 0 || strncasecmp(function, "my_sem", 6) == 0;
}

char *source_line_text(const struct source_line *lines, size_t count,
	char text[SOURCE_LINE_TEXT_MAX])
{
	const struct source_line *line = lines;

	text[0] = '\0';
	if (count == 0)
		return text;
	while (line + 1 < lines + count && is_wrapper(line))
		line++;
	if (line->file[0] == '\0')
		snprintf(text, SOURCE_LINE_TEXT_MAX, _("in %s()"), line->function);
	else if (line->function[0] == '\0')
		snprintf(text, SOURCE_LINE_TEXT_MAX, _("at %s:%d"), line->file, line->line);
	else
		snprintf(text, SOURCE_LINE_TEXT_MAX, _("at %s:%d in %s()"), line->file, line->line,
			line->function);
	return text;
}

#ifdef HAVE_LIBDW

struct source_lines {
	Dwfl *dwfl;
	pid_t pid;
	const struct call_site *place; /* the place that is being unwound */
};

/* What a search collects on its way outwards from the innermost function. */
struct search {
	struct source_lines *lines;
	struct source_line *found;
	size_t count;
	bool has_lines; /* functions with source lines were found: ignore those without */
	unsigned depth;
	char library[SOURCE_LINE_LIBRARY_MAX];
};

/* ---- what libdw asks ------------------------------------------------------------------------ */

static pid_t next_thread(Dwfl *dwfl, void *data, void **thread)
{
	const struct source_lines *lines = data;

	(void)dwfl;
	if (*thread != NULL)
		return 0;
	*thread = data;
	return lines->pid;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *data, void **thread)
{
	(void)dwfl, (void)tid;
	*thread = data;
	return true;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word, void *data)
{
	const struct source_lines *lines = data;
	uint64_t start = registers_stack(&lines->place->registers);

	(void)dwfl;
	if (address < start || address - start > lines->place->size - sizeof(*word) ||
		lines->place->size < sizeof(*word))
		return false;
	memcpy(word, lines->place->stack + (address - start), sizeof(*word));
	return true;
}

static bool set_registers(Dwfl_Thread *thread, void *data)
{
	const struct source_lines *lines = data;
	uint64_t values[REGISTERS_DWARF];
	Dwarf_Word words[REGISTERS_DWARF];

	registers_dwarf(&lines->place->registers, values);
	for (unsigned i = 0; i < REGISTERS_DWARF; i++)
		words[i] = values[i];
	dwfl_thread_state_register_pc(thread, registers_counter(&lines->place->registers));
	return dwfl_thread_state_registers(thread, 0, REGISTERS_DWARF, words);
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = read_word,
	.set_initial_registers = set_registers,
};

/* Looks on this machine only: dwfl_standard_find_debuginfo() would ask servers. */
static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_build_id_find_debuginfo,
};

/* ---- finding -------------------------------------------------------------------------------- */

struct source_lines *source_lines_create(pid_t pid)
{
	struct source_lines *lines = calloc(1, sizeof(*lines));

	if (lines == NULL)
		return NULL;
	lines->pid = pid;
	lines->dwfl = dwfl_begin(&callbacks);
	if (lines->dwfl == NULL || dwfl_linux_proc_report(lines->dwfl, pid) != 0 ||
		dwfl_report_end(lines->dwfl, NULL, NULL) != 0 ||
		!dwfl_attach_state(lines->dwfl, NULL, pid, &thread_callbacks, lines)) {
		source_lines_destroy(lines);
		return NULL;
	}
	return lines;
}

void source_lines_destroy(struct source_lines *lines)
{
	if (lines == NULL)
		return;
	if (lines->dwfl != NULL)
		dwfl_end(lines->dwfl);
	free(lines);
}

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/*
 * Skips the C library and the like, even if their line numbers are installed: they are not the
 * user's code.
 */
static bool is_library(Dwfl_Module *module)
{
	const char *name = dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

	return name != NULL && (begins_with(name, "/lib") || begins_with(name, "/usr/lib") ||
				       begins_with(name, "[vdso"));
}

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from != NULL ? from : "");
}

/*
 * Cuts the last pair of parentheses and what follows it: "Queue::take(int) const", "f() [clone]".
 */
static void cut_parameters(char *name)
{
	char *end = strrchr(name, ')');
	int depth = 0;

	for (; end != NULL && end >= name; end--) {
		depth += (*end == ')') - (*end == '(');
		if (depth == 0) {
			*end = '\0';
			return;
		}
	}
}

/*
 * Converts a linker's name to the one in the source: "_ZN5Queue4takeEi" to "Queue::take(int)". The
 * library that can do this is the one that every C++ program needs. NULL: the library is missing,
 * or this is not a name of C++. The caller frees the result.
 */
static char *demangled(const char *symbol)
{
	static char *(*demangle)(const char *, char *, size_t *, int *);
	static void *library;
	int status;

	if (symbol == NULL || !begins_with(symbol, "_Z"))
		return NULL;
	if (library == NULL) {
		library = dlopen("libstdc++.so.6", RTLD_LAZY);
		if (library != NULL)
			*(void **)&demangle = dlsym(library, "__cxa_demangle");
	}
	return demangle != NULL ? demangle(symbol, NULL, NULL, &status) : NULL;
}

/* Copies the name of a function as it is in the source, without parameters. */
static void copy_symbol(char *to, size_t size, const char *symbol)
{
	char *name = demangled(symbol);

	if (name != NULL)
		cut_parameters(name);
	copy(to, size, name != NULL ? name : symbol);
	free(name);
}

static void add(struct search *search, const char *function, const char *file, int line)
{
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;
	struct source_line *here = &search->found[search->count];

	if (search->count == SOURCE_LINE_FRAMES)
		return;
	memset(here, 0, sizeof(*here));
	copy(here->function, sizeof(here->function), function);
	copy(here->file, sizeof(here->file), slash != NULL ? slash + 1 : file);
	here->line = line;
	/* In a static program the C library is part of the program, and has no line numbers. */
	if (here->file[0] != '\0' && !search->has_lines) {
		search->has_lines = true;
		search->found[0] = *here;
		search->count = 1;
	} else if (here->file[0] != '\0' || (!search->has_lines && here->function[0] != '\0')) {
		search->count++;
	}
}

/* The compilation unit of an address; NULL: there is no debug information. */
static Dwarf_Die *find_unit(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias);

	if (unit != NULL)
		return unit;
	/* clang writes no table of addresses (.debug_aranges): ask each compilation unit. */
	while ((unit = dwfl_module_nextcu(module, unit, bias)) != NULL)
		if (dwarf_haspc(unit, address - *bias) == 1)
			return unit;
	return NULL;
}

/* Where an inlined function was called. */
static void find_call(Dwarf_Die *inlined, Dwarf_Die *unit, const char **file, int *line)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number;
	Dwarf_Files *files;
	size_t count;

	*file = NULL;
	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &number) != 0 ||
		dwarf_getsrcfiles(unit, &files, &count) != 0)
		return;
	*file = dwarf_filesrc(files, (size_t)number, NULL, NULL);
	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &number) == 0)
		*line = (int)number;
}

/*
 * Adds the functions that the address is in: the innermost, which may have been inlined, and those
 * around it. Their names are those of the source, not of the linker, as C++ needs. Returns their
 * number.
 */
static int add_functions(struct search *search, Dwarf_Die *unit, Dwarf_Addr address,
	const char *file, int line)
{
	Dwarf_Die *innermost = NULL, *around = NULL;
	int added = 0, count = 0;

	if (dwarf_getscopes(unit, address, &innermost) > 0)
		count = dwarf_getscopes_die(&innermost[0], &around);
	for (int i = 0; i < count; i++) {
		int tag = dwarf_tag(&around[i]);

		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		add(search, dwarf_diename(&around[i]), file, line);
		added++;
		if (tag == DW_TAG_subprogram)
			break;
		find_call(&around[i], unit, &file, &line);
	}
	free(innermost);
	free(around);
	return added;
}

static void look_at(struct search *search, Dwfl_Module *module, Dwarf_Addr address)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = find_unit(module, address, &bias);
	Dwarf_Line *source = unit != NULL ? dwarf_getsrc_die(unit, address - bias) : NULL;
	const char *file = source != NULL ? dwarf_linesrc(source, NULL, NULL) : NULL;
	int line = 0;

	if (source != NULL)
		dwarf_lineno(source, &line);
	if (file == NULL || add_functions(search, unit, address - bias, file, line) == 0) {
		char function[64];

		copy_symbol(function, sizeof(function), dwfl_module_addrname(module, address));
		add(search, function, file, line);
	}
}

static int look_at_frame(Dwfl_Frame *frame, void *data)
{
	struct search *search = data;
	Dwfl_Module *module;
	Dwarf_Addr counter;
	bool is_exact;

	if (!dwfl_frame_pc(frame, &counter, &is_exact))
		return DWARF_CB_ABORT;
	if (search->depth++ > 0 && !is_exact)
		counter--; /* it is a return address: the call is before it */
	module = dwfl_addrmodule(search->lines->dwfl, counter);
	if (module != NULL && !is_library(module))
		look_at(search, module, counter);
	else if (module != NULL && search->count == 0)
		copy_symbol(search->library, sizeof(search->library),
			dwfl_module_addrname(module, counter));
	return search->count < SOURCE_LINE_FRAMES && search->depth < 32 ? DWARF_CB_OK
									: DWARF_CB_ABORT;
}

size_t source_lines_find(struct source_lines *lines, const struct call_site *place,
	struct source_line found[SOURCE_LINE_FRAMES])
{
	struct search search = {.lines = lines, .found = found};

	if (lines == NULL || place->size == 0)
		return 0;
	lines->place = place;
	dwfl_getthread_frames(lines->dwfl, lines->pid, look_at_frame, &search);
	lines->place = NULL;
	return search.count;
}

char *source_lines_library(struct source_lines *lines, const struct call_site *place,
	char text[SOURCE_LINE_LIBRARY_MAX])
{
	struct source_line found[SOURCE_LINE_FRAMES];
	struct search search = {.lines = lines, .found = found};

	if (lines != NULL && place->size > 0) {
		lines->place = place;
		dwfl_getthread_frames(lines->dwfl, lines->pid, look_at_frame, &search);
		lines->place = NULL;
	}
	memcpy(text, search.library, SOURCE_LINE_LIBRARY_MAX);
	return text;
}

#else

struct source_lines *source_lines_create(pid_t pid)
{
	(void)pid;
	return NULL;
}

void source_lines_destroy(struct source_lines *lines)
{
	(void)lines;
}

size_t source_lines_find(struct source_lines *lines, const struct call_site *place,
	struct source_line found[SOURCE_LINE_FRAMES])
{
	(void)lines, (void)place, (void)found;
	return 0;
}

char *source_lines_library(struct source_lines *lines, const struct call_site *place,
	char text[SOURCE_LINE_LIBRARY_MAX])
{
	(void)lines, (void)place;
	text[0] = '\0';
	return text;
}

#endif
