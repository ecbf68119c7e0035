/* SPDX-License-Identifier: Apache-2.0 */
/* How the story reads: scenes, paragraphs, lists, what was shared and what was not and why. Room-internal. */
#ifndef TOLD_DEMO_SAY_H
#define TOLD_DEMO_SAY_H

#include "agents/demo/stage.h"

/* The next scene's heading. */
void told_say_scene(struct told_demo *demo, const char *title);
/* A paragraph, wrapped. */
__attribute__((format(printf, 2, 3))) void told_say(struct told_demo *demo, const char *format, ...);
/* "label  words", the words wrapped under themselves. */
__attribute__((format(printf, 3, 4))) void told_say_line(struct told_demo *demo, const char *label, const char *format,
							 ...);
/* A command as it was typed. */
void told_say_command(struct told_demo *demo, const char *program, const char *const *words);

/* "Shared:" and the categories of sections, in words; each once. */
void told_say_shared(struct told_demo *demo, const json_t *sections);
/* "Not shared:" for each reason that a ruling gives: the categories, the reason, its code. */
void told_say_withheld(struct told_demo *demo, const json_t *ruled);
/* The first reason in a list of codes. */
void told_say_reason(struct told_demo *demo, const char *label, const json_t *codes);
/* One line of the person's story: the answer to the question of this code, wherever it stands. */
void told_say_story(struct told_demo *demo, const char *label, const json_t *sections, const char *code);

/* A member's text, "" when there is none. */
const char *told_member(const json_t *object, const char *name);
/* How many sections a ruling gave this effect. */
size_t told_count_effect(const json_t *ruled, const char *effect);

#endif
