/* scene_play.h - the situations of scene.c, for the cells of scene_play.c. */
#ifndef SCENE_PLAY_H
#define SCENE_PLAY_H

#include "scene.h"

void claimed_first(struct scene *scene);
void claimed_over_done(struct scene *scene);
void claimed_over_waiting(struct scene *scene);
void claimed_over_reading(struct scene *scene);
void reserved(struct scene *scene);
void merely_reserved(struct scene *scene);
void claimed_in_a_hurry(struct scene *scene);
void stolen(struct scene *scene);
void claimed_and_asleep(struct scene *scene);
void in_publish_over_done(struct scene *scene);
void in_publish_over_waiting(struct scene *scene);
void in_take(struct scene *scene);
void in_last_take(struct scene *scene);
void in_steal(struct scene *scene);
void in_vain_steal(struct scene *scene);
void in_late_steal(struct scene *scene);
void locked(struct scene *scene);
void taken_old(struct scene *scene);
void taken_only(struct scene *scene);
void waited_for(struct scene *scene);
void waited_for_one_of_two(struct scene *scene);

#endif
