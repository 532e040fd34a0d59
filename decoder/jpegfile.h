/*
 * jpegfile.h - a JPEG file becomes rows of pixels, by libjpeg-turbo itself: straight to 32 bits where
 * SDL_image goes by way of 24, reduced while it decodes if that is all that is wanted, and with the
 * decoder's word on what is damaged. In this process: raster calls it, and `vitrine send` for files
 * that its user trusts. A component: without it SDL_image reads JPEG, too.
 */
#ifndef VITRINE_UI_JPEGFILE_H
#define VITRINE_UI_JPEGFILE_H

#include <stdbool.h>

#include "raster.h"
#include "sniff.h"

/* Whether this was built with it. */
bool jpegfile_is_there(void);

/*
 * `sniff`: of the source's bytes. A file that ends too early is refused; one that is damaged within
 * is decoded as far as can be, and result->note says so. false: `reason` says why.
 */
bool jpegfile_decode(const struct raster_source *source, const struct sniff *sniff,
	struct raster_sink *sink, struct raster_result *result, char reason[TEXT_REASON_MAX]);

#endif
