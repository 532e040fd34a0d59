/*
 * doctor_session.c - checks the environment of the programs: logind, containers, the display, the
 * clipboard, fonts.
 */
#include <dirent.h>
#include <fontconfig/fontconfig.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "doctor.h"
#include "translate.h"

/* ---- systemd's RemoveIPC -------------------------------------------------------------------- */

#define USERS_FROM   1000 /* lower ids are system users, which logind leaves alone */
#define DROP_INS_MAX 64

/* Reads RemoveIPC from one file, if it is set there; comments begin with # or ;. */
static void read_setting(const char *path, bool *removes)
{
	FILE *file = fopen(path, "re");
	char line[512], value[16];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, " RemoveIPC = %15s", value) == 1)
			*removes = strcasecmp(value, "no") != 0 &&
				   strcasecmp(value, "false") != 0 &&
				   strcasecmp(value, "off") != 0 && strcmp(value, "0") != 0;
	if (file != NULL)
		fclose(file);
}

struct drop_in {
	char name[NAME_MAX + 1];
	char path[PATH_MAX];
};

/* Adds the files of a folder, except those whose name occurred in an earlier folder. */
static size_t add_drop_ins(const char *folder, struct drop_in *drop_ins, size_t count)
{
	const struct dirent *entry;
	DIR *open = opendir(folder);

	while (open != NULL && count < DROP_INS_MAX && (entry = readdir(open)) != NULL) {
		const char *dot = strrchr(entry->d_name, '.');
		size_t same = 0;

		if (dot == NULL || strcmp(dot, ".conf") != 0)
			continue;
		while (same < count && strcmp(drop_ins[same].name, entry->d_name) != 0)
			same++;
		if (same < count)
			continue;
		snprintf(drop_ins[count].name, sizeof(drop_ins[count].name), "%s", entry->d_name);
		snprintf(drop_ins[count].path, PATH_MAX, "%.3000s/%s", folder, entry->d_name);
		count++;
	}
	if (open != NULL)
		closedir(open);
	return count;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct drop_in *)a)->name, ((const struct drop_in *)b)->name);
}

/*
 * As logind does: reads its file, then all drop-ins in the order of their names; the last setting
 * wins.
 */
static bool logind_removes(const struct doctor *doctor)
{
	static const char *const folders[] = {"/etc", "/run", "/usr/local/lib", "/usr/lib"};
	struct drop_in *drop_ins = calloc(DROP_INS_MAX, sizeof(*drop_ins));
	bool removes = true; /* the default */
	char path[PATH_MAX];
	size_t count = 0;

	snprintf(path, sizeof(path), "%s/etc/systemd/logind.conf", doctor->root);
	read_setting(path, &removes);
	for (size_t i = 0; drop_ins != NULL && i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s%s/systemd/logind.conf.d", doctor->root,
			folders[i]);
		count = add_drop_ins(path, drop_ins, count);
	}
	if (count > 0)
		qsort(drop_ins, count, sizeof(*drop_ins), by_name);
	for (size_t i = 0; i < count; i++)
		read_setting(drop_ins[i].path, &removes);
	free(drop_ins);
	return removes;
}

/* True if the user's services continue after log-out; logind then removes nothing of theirs. */
static bool user_lingers(const struct doctor *doctor)
{
	const struct passwd *user = getpwuid(doctor->user);
	char path[PATH_MAX];

	if (user == NULL)
		return false;
	snprintf(path, sizeof(path), "/var/lib/systemd/linger/%.200s", user->pw_name);
	return doctor_exists(doctor, path);
}

static void check_logind(struct doctor *doctor)
{
	if (!doctor_exists(doctor, "/run/systemd/system") || doctor->user < USERS_FROM ||
		!logind_removes(doctor) || user_lingers(doctor)) {
		doctor_fine(doctor, _("log-out"), _("logind leaves your IPC objects alone"));
		return;
	}
	doctor_warn(doctor, _("log-out"),
		_("when your last session ends, logind removes your IPC objects, semaphores even while "
		  "they are in use (RemoveIPC=yes)"));
	doctor_cure(_(
		"loginctl enable-linger   # or, for everybody: printf '[Login]\\nRemoveIPC=no\\n' | "
		"sudo tee /etc/systemd/logind.conf.d/vitrine.conf && sudo systemctl restart "
		"systemd-logind"));
}

/* ---- containers ----------------------------------------------------------------------------- */

/* The initial namespaces of the machine (include/linux/proc_ns.h). */
#define FIRST_IPC "ipc:[4026531839]"
#define FIRST_PID "pid:[4026531836]"

/* True if this program is not in the machine's initial namespace. */
static bool is_apart(const struct doctor *doctor, const char *name, const char *first)
{
	char path[PATH_MAX], link[64];
	ssize_t length;

	snprintf(path, sizeof(path), "%s/proc/self/ns/%s", doctor->root, name);
	length = readlink(path, link, sizeof(link) - 1);
	if (length < 0)
		return false;
	link[length] = '\0';
	return strcmp(link, first) != 0;
}

static void check_namespaces(struct doctor *doctor)
{
	bool ipc = is_apart(doctor, "ipc", FIRST_IPC);
	bool pid = is_apart(doctor, "pid", FIRST_PID);

	if (!ipc && !pid) {
		doctor_fine(doctor, _("containers"), _("this program does not run in a container"));
		return;
	}
	if (ipc)
		doctor_warn(doctor, _("containers"),
			_("this container has its own IPC objects: the same key outside of it is a "
			  "different channel"));
	if (pid)
		doctor_warn(doctor, _("containers"),
			_("this container has its own process numbers: pids shown in the channel "
			  "mean something else outside"));
	doctor_cure(_("docker run --ipc=host --pid=host …   # or both programs in one container"));
}

/* ---- display and fonts ---------------------------------------------------------------------- */

/* ":7.1" means the socket X7; other displays are remote. */
static bool x11_is_there(const struct doctor *doctor, const char *display)
{
	char path[64];
	int number;

	if (sscanf(display, ":%d", &number) != 1)
		return true;
	snprintf(path, sizeof(path), "/tmp/.X11-unix/X%d", number);
	return doctor_exists(doctor, path);
}

static bool wayland_is_there(const struct doctor *doctor, const char *display)
{
	const char *folder = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];

	if (display[0] == '/')
		return doctor_exists(doctor, display);
	if (folder == NULL)
		return false;
	snprintf(path, sizeof(path), "%s/%s", folder, display);
	return doctor_exists(doctor, path);
}

static void check_display(struct doctor *doctor)
{
	const char *x11 = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");
	bool has_x11 = x11 != NULL && *x11 != '\0';
	bool has_wayland = wayland != NULL && *wayland != '\0';

	if ((has_wayland && wayland_is_there(doctor, wayland)) ||
		(has_x11 && x11_is_there(doctor, x11))) {
		doctor_fine(doctor, _("display"), _("there is one"));
		return;
	}
	if (has_x11 || has_wayland)
		doctor_stop(doctor, _("display"),
			_("%s is \"%s\", but there is no such display: no window can open"),
			has_wayland ? "WAYLAND_DISPLAY" : "DISPLAY", has_wayland ? wayland : x11);
	else
		doctor_stop(doctor, _("display"),
			_("neither DISPLAY nor WAYLAND_DISPLAY is set: no window can open (send, recv and "
			  "status need none)"));
	doctor_cure(_("xvfb-run -a vitrine-consumer   # or start it on a desktop, or by ssh -X"));
}

static bool is_in_path(const struct doctor *doctor, const char *program)
{
	const char *folder = getenv("PATH");
	char path[PATH_MAX];

	while (folder != NULL) {
		const char *end = strchrnul(folder, ':');

		snprintf(path, sizeof(path), "%.*s/%s", (int)(end - folder), folder, program);
		if (doctor_exists(doctor, path))
			return true;
		folder = *end != '\0' ? end + 1 : NULL;
	}
	return false;
}

static void check_clipboard(struct doctor *doctor)
{
	const char *wayland = getenv("WAYLAND_DISPLAY");
	bool is_wayland = wayland != NULL && *wayland != '\0';

	if (is_in_path(doctor, "xclip") || (is_wayland && is_in_path(doctor, "wl-copy"))) {
		doctor_fine(doctor, _("clipboard"), _("images can be copied and pasted"));
		return;
	}
	doctor_warn(doctor, _("clipboard"),
		_("%s is not installed: images cannot be copied or pasted"),
		is_wayland ? "wl-clipboard" : "xclip");
	doctor_cure("sudo apt-get install %s", is_wayland ? "wl-clipboard" : "xclip");
}

static void check_fonts(struct doctor *doctor)
{
	const FcFontSet *fonts = FcInit() ? FcConfigGetFonts(NULL, FcSetSystem) : NULL;

	if (fonts != NULL && fonts->nfont > 0) {
		doctor_fine(doctor, _("fonts"),
			ngettext("fontconfig finds %d font", "fontconfig finds %d fonts",
				(unsigned long)fonts->nfont),
			fonts->nfont);
		return;
	}
	doctor_stop(doctor, _("fonts"),
		_("fontconfig finds no font: the windows would show no text"));
	doctor_cure("sudo apt-get install fonts-dejavu-core");
}

void doctor_session(struct doctor *doctor)
{
	check_logind(doctor);
	check_namespaces(doctor);
	check_display(doctor);
	check_clipboard(doctor);
	check_fonts(doctor);
}
