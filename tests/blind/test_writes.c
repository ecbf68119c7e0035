/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker who is named sees on the screen when they write: the first example that each writing command of `told`
 * has of itself, with her reference and her numbers in them, typed where she is and where she is not. What they see
 * afterwards is compared as well. Which commands write is read from the program's own table. */
#include "blind/reads.h"

/* ---- an example of the help, in this world ---- */

#define A_PERSON  "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q"
#define A_NUMBER  "0192f0c1a2b37c4d8e5f60718293a4b5"
#define AN_ACTION "0192f0c1a2b37c4d8e5f607182930011"

/* Whose number an example of these commands speaks of. */
static const char *const numbers_in[][2] = {
	{"alert", "$alert"},           {"override", "$alert"},
	{"disclosure", "$alert"},      {"conference", "$C"},
	{"contact open", "$closed"},   {"incident answer", "$recall"},
	{"incident", "$incident"},     {"note", "$note"},
	{"referral", "$referral"},     {"statement", "$warning"},
	{"disagree", "$disagreement"}, {"complaint", "$complaint"},
	{"consent", "$consent"},       {"erase", "$erasure"},
};

/* Whole words of examples, and what says the same here. */
static const char *const words_in[][2] = {
	{"TT", "HOU"},
	{"TT,SUD", "HOU,SUD"},
	{"TT,EMP", "HOU,EMP"},
	{"CRISIS", "HOU"},
	{"MARAC", "HOU"},
	{"MARAC_SOUTH", "EMP"},
	{"TT:40718", "TT:$F"},
	{"TT:40911", "TT:$W"},
	{"40718", "$F"},
	{"40911", "$W"},
	{"W004711", "$W"},
	{"EMP.STAT", "NED"},
	{"W001234", "$F"},
	{"W001234,W001235", "$F,$W"},
	{"W100200", "$W"},
	{"W100300", "$F"},
	{"low-mood-first-steps", "find-home"},
	{"~/passphrase", "passphrase"},
	{"-", "passphrase"},
};

static const struct {
	const char *name, *holds; /* NULL: the agreement */
} files[] = {
	{"goals.txt", "A door of her own"},
	{"words.txt", "I want to be safe"},
	{"minutes.txt", "We agreed on a quiet room"},
	{"answers.json", "{}"},
	{"passphrase", PASSPHRASE},
	{"old", PASSPHRASE},
	{"new", "another horse battery"},
	{"northtown.yaml", NULL},
};

static void make_files(void)
{
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		const char *holds = files[i].holds == NULL ? world.agreement : files[i].holds;
		snprintf(path, sizeof path, "%.*s/%s", PATH_MAX - 32, world.dir, files[i].name);
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, holds, strlen(holds)), (ssize_t)strlen(holds));
		close(fd);
	}
}

static const char *number_in(const char *example)
{
	for (size_t i = 0; i < sizeof numbers_in / sizeof numbers_in[0]; i++)
		if (strncmp(example, numbers_in[i][0], strlen(numbers_in[i][0])) == 0)
			return numbers_in[i][1];
	return "$C";
}

static const char *word_in(const char *word)
{
	for (size_t i = 0; i < sizeof words_in / sizeof words_in[0]; i++)
		if (strcmp(word, words_in[i][0]) == 0)
			return words_in[i][1];
	return word;
}

/* With marks in it; the caller's. What stands between quotes stays as it is. */
static char *of_this_world(const char *example)
{
	struct told_buf out = TOLD_BUF(65536);
	char *all = put_for(strdup(example), A_PERSON, "$V"), *rest = all;
	bool quoted = false;
	for (char *word; (word = strsep(&rest, " ")) != NULL;) {
		told_buf_printf(&out, "%s%s", word == all ? "" : " ", quoted ? word : word_in(word));
		for (const char *at = word; (at = strchr(at, '"')) != NULL; at++)
			quoted = !quoted;
	}
	free(all);
	all = put_for(strdup(told_buf_cstr(&out)), A_NUMBER, number_in(example));
	told_buf_free(&out);
	return put_for(all, AN_ACTION, "$action");
}

/* ---- which are typed ---- */

/* What is not typed as it stands, and why. dry: what is only tried is. */
static const struct {
	const char *command, *why;
	bool dry;
} untyped[] = {
	{"update send", "the broker rules it, by all that it knows: decision 0035", false},
	{"referral send", "the same", true},
	{"alert send", "the same", true},
	{"override raise", "the same", true},
	{"erase", "the same", false},
	{"hold", "the same", false},
	{"story ask", "waits for what does not come; the call is in calls.h", false},
	{"override ask", "the same", false},
	{"capacity", "the same", false},
};

static bool is_typed(const char *name, const char *example)
{
	for (size_t i = 0; i < sizeof untyped / sizeof untyped[0]; i++)
		if (strcmp(name, untyped[i].command) == 0)
			return untyped[i].dry && strstr(example, "--dry-run") != NULL;
	return true;
}

static bool writes(const struct told_command *command)
{
	return command->method != NULL && !is_read(command);
}

enum turn { OF_HER, OF_HER_REFERENCE, OF_US, TURNS };

/* What changes the agency comes last, for it changes what all others do; before it, what ends her reference. */
static enum turn turn_of(const struct told_command *command)
{
	bool hers = strstr(command->examples[0], A_PERSON) != NULL || strstr(command->examples[0], A_NUMBER) != NULL;
	return !hers ? OF_US : strcmp(command->noun, "card") == 0 ? OF_HER_REFERENCE : OF_HER;
}

/* ---- typing ---- */

static bool nothing_waits(void)
{
	json_t *sent_now = does("TT", told_agent_sent, "{'state': 'waiting'}");
	return json_array_size(json_object_get(sent_now, "messages")) == 0;
}

static void until_nothing_waits(void)
{
	for (int64_t end_ms = world_now_ms() + WORLD_WAIT_MS; !nothing_waits(); turn_api())
		assert_true(world_now_ms() < end_ms);
}

static void write_one(size_t world_number, const struct told_command *command)
{
	char name[64];
	name_of(command, name);
	const char *example = command->examples[0];
	if (!is_typed(name, example))
		return;
	char *words = of_this_world(example + strlen("told "));
	if (strcmp(name, "worker add") == 0) /* else its number is drawn */
		words = put_for(words, "worker add", "worker add --number W1");
	lay_down(world_number, words, with_people(put_numbers(strdup(words), NULL)));
	until_nothing_waits();
	free(words);
}

static void write_all(size_t world_number)
{
	const struct told_command *command;
	for (enum turn turn = OF_HER; turn < TURNS; turn++)
		for (size_t i = 0; (command = told_command_at(i)) != NULL; i++)
			if (writes(command) && turn_of(command) == turn)
				write_one(world_number, command);
}

static size_t written;

static void write_in(size_t world_number)
{
	build(world_number == 0);
	make_files();
	open_api();
	write_all(world_number);
	written = sheet_count[world_number];
	read_all(world_number);
	close_api();
	world_close(&world);
}

static void no_screen_tells_a_worker_who_is_named_and_writes(void **state)
{
	size_t done;
	(void)state;
	in_both_worlds(write_in);
	size_t told = compare_sheets(&done);
	print_message("%zu screens of what was written, %zu of what there is then; %zu were no refusals\n", written,
		      sheet_count[0] - written, done);
	assert_true(done > 70);
	assert_int_equal(told, 0);
	every_line_is_used();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_screen_tells_a_worker_who_is_named_and_writes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
