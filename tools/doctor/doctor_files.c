/*
 * doctor_files.c - reports which image files can be opened here, and what is missing for the
 * others.
 */
#include "decoder.h"
#include "doctor.h"
#include "translate.h"

static bool is_so(enum format format, int presence)
{
	return format_is_decoded(format) &&
	       decoder_presence(NULL, format) == (enum decoder_presence)presence;
}

/* Reports each decoder program that is not installed. */
static void check_missing(struct doctor *doctor)
{
	const char *last = "";

	for (int i = FORMAT_PNG; i < FORMATS; i++) {
		const enum format format = (enum format)i;
		const enum decoder_presence presence = decoder_presence(NULL, format);
		const char *program = decoder_program(format);

		if (!format_is_decoded(format) || presence == DECODER_THERE || program == last)
			continue;
		last = program;
		if (presence == DECODER_PARTLY)
			doctor_warn(doctor, _("image files"),
				_("%s is drawn without its text and images: %s is not installed"),
				format_info(format)->name, program);
		else
			doctor_warn(doctor, _("image files"),
				_("%s cannot be opened: %s is not installed"),
				format_info(format)->name, program);
		doctor_cure("%s",
			format_info(format)->cure != NULL
				? format_info(format)->cure
				: _("script/bootstrap, and build and install Vitrine again"));
	}
}

void doctor_files(struct doctor *doctor)
{
	char names[FORMAT_NAMES_MAX];

	doctor_fine(doctor, _("image files"), _("%s can be opened"),
		format_names(names, is_so, DECODER_THERE));
	check_missing(doctor);
}
