/* SPDX-License-Identifier: Apache-2.0 */
/* Typing `told`, all of it but its main, at the real API of the agency that knows her, as the worker who is named, and
 * laying what it said beside what it said where she is not. */
#ifndef TOLD_TEST_BLIND_SCREENS_H
#define TOLD_TEST_BLIND_SCREENS_H

#include "blind/worlds.h"

#include "agents/api/api.h"
#include "agents/cli/cli.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- typing ---- */

static struct told_api *api;
static struct told_agent_watch watch;
static char token_file[PATH_MAX];

static inline void open_api(void)
{
	struct world_agent *a = world_agent(&world, "TT");
	char socket[2 * PATH_MAX];
	snprintf(socket, sizeof socket, "%s/%s", a->dir, told_agent_socket(a->agent));
	const struct told_api_settings settings = {.socket = socket, .clock = told_clock_system()};
	struct told_buf why = TOLD_BUF(4096);
	enum told_status status = told_api_open(a->agent, NULL, &settings, &api, &why);
	if (status != TOLD_OK)
		fail_msg("%s", told_buf_cstr(&why));
	told_buf_free(&why);
	watch = told_api_watch(api);
	snprintf(token_file, sizeof token_file, "%.*s/named.token", PATH_MAX - 16, world.dir);
	int fd = open(token_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, named_token, strlen(named_token)), (ssize_t)strlen(named_token));
	close(fd);
	assert_int_equal(chdir(world.dir), 0); /* where the files are of which an example speaks */
}

static inline void close_api(void)
{
	told_api_close(api);
	assert_int_equal(chdir("/"), 0);
}

/* Words as a shell would take them apart: what stands between quotes is one. Writes into them. */
static inline size_t apart(char *words, char *argv[], size_t max)
{
	size_t count = 0;
	for (char *at = words + strspn(words, " "); *at != '\0' && count < max; at += strspn(at, " ")) {
		char *to = argv[count++] = at;
		bool quoted = false;
		for (; *at != '\0' && (quoted || *at != ' '); at++)
			if (*at == '"')
				quoted = !quoted;
			else
				*to++ = *at;
		at += *at != '\0';
		*to = '\0';
	}
	return count;
}

/* The program in a thread beside the agent that answers it: three hundred processes would be too slow. */
struct typing {
	char *argv[40];
	int argc, code;
	FILE *out;
	atomic_bool ended;
};

static inline void *run_told(void *ctx)
{
	struct typing *t = ctx;
	t->code = told_cli_main(t->argc, t->argv, t->out, t->out);
	atomic_store(&t->ended, true);
	return NULL;
}

static inline void turn_api(void)
{
	assert_int_equal(told_agent_turn(world_agent(&world, "TT")->agent, &watch, 2), TOLD_OK);
}

static inline int type(char *words, FILE *out)
{
	struct typing t = {.argv = {(char *)(uintptr_t) "told"}, .out = out};
	pthread_t thread;
	size_t argc = 1 + apart(words, t.argv + 1, 32);
	t.argv[argc++] = (char *)(uintptr_t) "--agent";
	t.argv[argc++] = world_agent(&world, "TT")->dir;
	t.argv[argc++] = (char *)(uintptr_t) "--as";
	t.argv[argc++] = token_file;
	t.argv[argc++] = (char *)(uintptr_t) "--wait"; /* what is queued is answered, however busy the machine is */
	t.argv[argc++] = (char *)(uintptr_t) "60";
	t.argc = (int)argc;
	assert_int_equal(pthread_create(&thread, NULL, run_told, &t), 0);
	for (int64_t end_ms = world_now_ms() + WORLD_WAIT_MS; !atomic_load(&t.ended); turn_api())
		assert_true(world_now_ms() < end_ms);
	assert_int_equal(pthread_join(thread, NULL), 0);
	return t.code;
}

/* What the command says, and its exit code; the caller's. Takes the words. */
static inline char *screen(char *words)
{
	char path[PATH_MAX], *text_of = NULL;
	struct told_buf shown = TOLD_BUF(4u << 20);
	snprintf(path, sizeof path, "%.*s/screen", PATH_MAX - 16, world.dir);
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	int code = type(words, out);
	fclose(out);
	free(words);
	assert_int_equal(told_file_read(path, 4u << 20, &shown), TOLD_OK);
	assert_true(asprintf(&text_of, "exit %d\n%.*s", code, (int)shown.len, (const char *)shown.data) > 0);
	told_buf_free(&shown);
	return text_of;
}

/* ---- laying beside each other ---- */

/* Besides the masks of worlds.h: what a line says behind these signs. */
static struct {
	const char *behind, *why;
	size_t used;
} lines[] = {
	{"northtown.example/1", "how many entries the log has, over all agencies", 0},
	{"This page has a number: ", "a statement's own number, drawn", 0},
	{"Words      ", "the four words of a card, drawn", 0},
	{"\u2588\u2588", "a QR code of what was drawn: a reference, a statement's number", 0},
};
#define LINES (sizeof lines / sizeof lines[0])

/* Takes the text. The length of a line stays hidden as well: a QR code grows with the letters that it holds. */
static inline char *without_lines(char *screen_text)
{
	struct told_buf out = TOLD_BUF(4u << 20);
	for (char *rest = screen_text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		const char *at = NULL;
		size_t l = 0;
		for (; l < LINES && (at = strstr(line, lines[l].behind)) == NULL; l++)
			;
		if (at == NULL) {
			told_buf_printf(&out, "%s\n", line);
			continue;
		}
		lines[l].used++;
		if (l + 1 < LINES) /* of a QR code not even how many lines it has */
			told_buf_printf(&out, "%.*s%s...\n", (int)(at - line), line, lines[l].behind);
	}
	free(screen_text);
	char *all = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	return all;
}

/* Where the entry of one's own message lies, in words: the log counts all agencies' (worlds.h has it of JSON). */
static inline char *without_entries(char *text)
{
	for (char *at = text; (at = strstr(at, "(entry ")) != NULL;) {
		size_t digits = strspn(at += strlen("(entry "), "0123456789");
		memmove(at, at + digits, strlen(at + digits) + 1);
	}
	return text;
}

/* The same where the log itself is looked at: an entry's number begins its line. */
static inline char *without_numbers(char *text)
{
	char *at = strstr(text, "\nENTRY ");
	for (at = at == NULL ? NULL : strchr(at + 1, '\n'); at != NULL; at = strchr(at, '\n'))
		at++, memset(at, '0', strspn(at, "0123456789"));
	return text;
}

/* The time of a day behind it: 23 November 2026, 14:05. The two worlds are built one after the other. */
static inline char *without_times(char *text)
{
	for (char *at = text; (at = strstr(at, ", ")) != NULL; at += 2)
		if (at - text >= 4 && isdigit((unsigned char)at[-1]) && isdigit((unsigned char)at[2]) &&
		    isdigit((unsigned char)at[3]) && at[4] == ':' && isdigit((unsigned char)at[5]) &&
		    isdigit((unsigned char)at[6]))
			memcpy(at + 2, "00:00", 5);
	return text;
}

/* What is JSON is masked field by field. Takes the text; the exit code stays before it. */
static inline char *without_fields(char *text)
{
	char *at = strchr(text, '\n') + 1, *all = NULL;
	json_t *json = *at == '{' ? json_loads(at, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	if (json == NULL)
		return without_times(without_numbers(without_entries(text)));
	if (json_object_get(json, "client") != NULL) /* four words of a card, drawn */
		json_object_del(json, "words");
	json_t *masks_of = masked(json, "");
	char *dump = json_dumps(masks_of, JSON_SORT_KEYS | JSON_INDENT(1));
	assert_true(asprintf(&all, "%.*s%s\n", (int)(at - text), text, dump) > 0);
	free(dump);
	free(text);
	json_decref(masks_of);
	json_decref(json);
	return all;
}

struct sheet {
	char *words, *shown; /* as typed, before anything stood for somebody; and what came */
};
#define SHEETS_MAX 512u
static struct sheet sheets[2][SHEETS_MAX];
static size_t sheet_count[2];

/* Types it in one of the two worlds. Takes typed. */
static inline void lay_down(size_t world_number, const char *words, char *typed)
{
	assert_true(sheet_count[world_number] < SHEETS_MAX);
	struct sheet *sheet = &sheets[world_number][sheet_count[world_number]++];
	sheet->words = strdup(words);
	sheet->shown = plain(without_fields(without_lines(screen(typed))));
}

static inline size_t today(void)
{
	return (size_t)(world_time().wall_ms / TOLD_MS_DAY);
}

/* Both, again if a midnight lay between: what is said of a day would differ. */
static inline void in_both_worlds(void (*each)(size_t world_number))
{
	for (size_t day = SIZE_MAX; day != today();) {
		day = today();
		sheet_count[0] = sheet_count[1] = 0;
		each(0);
		each(1);
	}
}

/* What hides nothing any more is taken out. */
static inline void every_line_is_used(void)
{
	for (size_t l = 0; l < LINES; l++)
		assert_true(lines[l].used > 0 && lines[l].why[0] != '\0');
}

/* How many tell; each is printed. done: how many were not refused. */
static inline size_t compare_sheets(size_t *done)
{
	size_t told = 0;
	*done = 0;
	assert_int_equal(sheet_count[0], sheet_count[1]);
	for (size_t i = 0; i < sheet_count[0]; i++) {
		const struct sheet *with_her = &sheets[0][i], *without = &sheets[1][i];
		*done += strncmp(with_her->shown, "exit 0", 6) == 0;
		if (strcmp(with_her->shown, without->shown) != 0) {
			fprintf(stderr, "told %s tells:\n--- with\n%s\n--- without\n%s\n", with_her->words,
				with_her->shown, without->shown);
			told++;
		}
		for (size_t w = 0; w < 2; w++) {
			free(sheets[w][i].words);
			free(sheets[w][i].shown);
		}
	}
	return told;
}

#endif
