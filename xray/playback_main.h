/*
 * playback_main.h - vitrine-xray --play, for main.c. It does not include playback_window.h: the
 * headers behind that one and those behind app.h both define a `struct call`.
 */
#ifndef VITRINE_XRAY_PLAYBACK_MAIN_H
#define VITRINE_XRAY_PLAYBACK_MAIN_H

/* vitrine-xray --play [OPTION]... FILE. Returns the exit status. */
int playback_main(int argc, char **argv);

#endif
