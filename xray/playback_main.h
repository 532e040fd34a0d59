/* playback_main.h - vitrine-xray --play, for main.c: apart, because what is played has other calls. */
#ifndef VITRINE_XRAY_PLAYBACK_MAIN_H
#define VITRINE_XRAY_PLAYBACK_MAIN_H

/* vitrine-xray --play [OPTION]... FILE. Returns the exit status. */
int playback_main(int argc, char **argv);

#endif
