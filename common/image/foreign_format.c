/* foreign_format.c - see foreign_format.h. */
#include "foreign_format.h"

#include <string.h>
#include <strings.h>

/* Commands that convert the file FILE. */
#define BY_CONVERT "convert FILE image.png (package imagemagick)"
#define BY_GHOSTSCRIPT                                                                             \
	"gs -q -sDEVICE=png16m -r150 -dEPSCrop -o image.png FILE (package ghostscript)"
#define BY_INKSCAPE "inkscape -o image.png FILE (package inkscape)"
#define BY_LIBRAW   "dcraw_emu -w FILE (package libraw-bin)"
#define BY_PILLOW                                                                                         \
	"python3 -c 'from PIL import Image; Image.open(\"FILE\").convert(\"RGBA\").save(\"image.png\")' " \
	"(package python3-pil)"
#define BY_POPPLER "pdftoppm -png FILE image (package poppler-utils)"
#define BY_SIZE(prefix)                                                                            \
	"convert -depth 8 -size WIDTHxHEIGHT " prefix "FILE image.png (package imagemagick)"

static const struct foreign_format formats[] = {
	{"aai", "AAI", BY_CONVERT},
	{"ai", "PDF", BY_POPPLER},
	{"art", "PFS ART", BY_CONVERT},
	{"avs", "AVS", BY_CONVERT},
	{"bgr", "raw BGR", BY_SIZE("bgr:")},
	{"bgra", "raw BGRA", BY_SIZE("bgra:")},
	{"bgro", "raw BGR", BY_SIZE("bgro:")},
	{"bie", "JBIG", BY_CONVERT},
	{"blp", "BLP", BY_PILLOW},
	{"cal", "CALS", BY_CONVERT},
	{"cals", "CALS", BY_CONVERT},
	{"cin", "Cineon", BY_CONVERT},
	{"cmyk", "raw CMYK", BY_SIZE("")},
	{"cmyka", "raw CMYK", BY_SIZE("")},
	{"cr3", "CR3", BY_LIBRAW},
	{"crw", "CRW", BY_LIBRAW},
	{"cut", "Dr. Halo", BY_CONVERT},
	{"dcx", "DCX", BY_CONVERT},
	{"dib", "DIB", BY_CONVERT},
	{"dpx", "DPX", BY_CONVERT},
	{"emf", "EMF", BY_INKSCAPE},
	{"epdf", "PDF", BY_POPPLER},
	{"epi", "EPS", BY_GHOSTSCRIPT},
	{"eps", "EPS", BY_GHOSTSCRIPT},
	{"epsf", "EPS", BY_GHOSTSCRIPT},
	{"epsi", "EPS", BY_GHOSTSCRIPT},
	{"ept", "EPS", BY_GHOSTSCRIPT},
	{"ept2", "EPS", BY_GHOSTSCRIPT},
	{"ept3", "EPS", BY_GHOSTSCRIPT},
	{"fax", "fax", BY_CONVERT},
	{"flc", "FLIC", BY_PILLOW},
	{"fli", "FLIC", BY_PILLOW},
	{"ftc", "FTEX", BY_PILLOW},
	{"ftu", "FTEX", BY_PILLOW},
	{"g3", "fax", BY_CONVERT},
	{"g4", "fax", BY_CONVERT},
	{"gbr", "GIMP brush", BY_PILLOW},
	{"gray", "raw GRAY", BY_SIZE("")},
	{"graya", "raw GRAY", BY_SIZE("")},
	{"hrz", "HRZ", BY_CONVERT},
	{"im", "IM", BY_PILLOW},
	{"ipl", "IPL", BY_CONVERT},
	{"jbg", "JBIG", BY_CONVERT},
	{"jbig", "JBIG", BY_CONVERT},
	{"jng", "JNG", BY_CONVERT},
	{"mac", "MacPaint", BY_CONVERT},
	{"map", "MAP", BY_SIZE("")},
	{"miff", "MIFF", BY_CONVERT},
	{"mng", "MNG", BY_CONVERT},
	{"mono", "raw MONO", BY_SIZE("")},
	{"mrw", "MRW", BY_LIBRAW},
	{"msp", "Microsoft Paint", BY_PILLOW},
	{"mtv", "MTV", BY_CONVERT},
	{"orf", "ORF", BY_LIBRAW},
	{"otb", "OTB", BY_CONVERT},
	{"pal", "raw YUV", BY_SIZE("")},
	{"palm", "Palm", BY_CONVERT},
	{"pcd", "Photo CD", BY_CONVERT},
	{"pcds", "Photo CD", BY_CONVERT},
	{"pct", "PICT", BY_CONVERT},
	{"pdb", "Palm", BY_CONVERT},
	{"pdf", "PDF", BY_POPPLER},
	{"pdfa", "PDF", BY_POPPLER},
	{"pgx", "PGX", BY_CONVERT},
	{"pict", "PICT", BY_CONVERT},
	{"pix", "Alias", BY_CONVERT},
	{"ps", "PostScript", BY_GHOSTSCRIPT},
	{"pxr", "PIXAR", BY_PILLOW},
	{"raf", "RAF", BY_LIBRAW},
	{"rgb", "raw RGB", BY_SIZE("")},
	{"rgba", "raw RGB", BY_SIZE("")},
	{"rgbo", "raw RGB", BY_SIZE("")},
	{"rgf", "RGF", BY_CONVERT},
	{"rla", "RLA", BY_CONVERT},
	{"rle", "Utah RLE", BY_CONVERT},
	{"rw2", "RW2", BY_LIBRAW},
	{"sct", "Scitex", BY_CONVERT},
	{"six", "Sixel", BY_CONVERT},
	{"sixel", "Sixel", BY_CONVERT},
	{"spi", "SPIDER", BY_PILLOW},
	{"spider", "SPIDER", BY_PILLOW},
	{"tim", "TIM", BY_CONVERT},
	{"uyvy", "raw YUV", BY_SIZE("")},
	{"vicar", "VICAR", BY_CONVERT},
	{"viff", "VIFF", BY_CONVERT},
	{"vips", "VIPS", BY_CONVERT},
	{"wbmp", "WBMP", BY_CONVERT},
	{"wmf", "WMF", BY_INKSCAPE},
	{"wpg", "WordPerfect", BY_CONVERT},
	{"x3f", "X3F", BY_LIBRAW},
	{"xbm", "XBM", BY_CONVERT},
	{"xv", "VIFF", BY_CONVERT},
	{"xwd", "X window dump", BY_CONVERT},
	{"ycbcr", "raw YCbCr", BY_SIZE("")},
	{"ycbcra", "raw YCbCr", BY_SIZE("")},
	{"yuv", "raw YUV", BY_SIZE("")},
};

const struct foreign_format *foreign_format_of_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcasecmp(dot + 1, formats[i].ending) == 0)
			return &formats[i];
	return NULL;
}
