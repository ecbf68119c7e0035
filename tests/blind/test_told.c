/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker who is named sees on the screen: every command of `told` that lists or shows, typed at the real program
 * against the real API, once where she is and once where she is not. Text, sizes and exit codes are compared. Which
 * commands there are is read from the program's own table, so that a command of a later day has to be placed. */
#include "blind/worlds.h"

#include "agents/api/api.h"
#include "agents/cli/cli.h"

/* ---- which commands, and how each is typed ---- */

/* What is not a plain GET with a person or a number of hers in it. words NULL: why says why it is not typed here. */
/* clang-format off */
static const struct typed {
	const char *command, *words, *why;
} typed[] = {
	{"outcomes", "outcomes --from 2026-01 --to 2026-12", ""},
	{"here", "here --need find-home", ""},
	{"receipt", "receipt $sent --out $D/receipt", ""},
	{"alert sheet", "alert sheet $alert --out $D/sheet", ""},
	{"statement", "statement $V --identity --alone --take-away", ""},
	{"slip", "slip $V --referral $referral", ""},
	{"intake", "intake $V", ""},
	{"doctor", "doctor", ""},
	{"agreement show", "agreement show", ""},
	{"init", NULL, "makes a folder"},
	{"partner enrol", NULL, "the operator's"},
	{"partner ls", NULL, "the operator's"},
	{"partner rotate", NULL, "the operator's"},
	{"partner revoke", NULL, "the operator's"},
	{"partner clock", NULL, "the operator's"},
	{"partner policy", NULL, "the operator's"},
	{"partner log-key", NULL, "the operator's"},
	{"audit copy", NULL, "the operator's"},
	{"audit view", NULL, "asks the broker in the log's name; the call is in calls.h"},
	{"audit ls", NULL, "the operator's"},
	{"agreement check", NULL, "on a file"},
	{"agreement diff", NULL, "on files"},
	{"agreement sign", NULL, "does; lists nothing"},
	{"consent form", NULL, "on a file"},
	{"import", NULL, "does; the call is in calls.h"},
	{"decide", NULL, "on files; the call is in calls.h"},
	{"demo", NULL, "a world of its own"},
	{"bench", NULL, "a world of its own"},
	{"help", NULL, "the table"},
	{"explain", NULL, "the table of rules"},
	{"completion", NULL, "the table"},
	{"version", NULL, "the program"},
	{"measure retelling", NULL, "on files"},
};
/* clang-format on */
#define TYPED (sizeof typed / sizeof typed[0])

static void name_of(const struct told_command *command, char out[64])
{
	snprintf(out, 64, "%s%s%s", command->noun, command->verb == NULL ? "" : " ",
		 command->verb == NULL ? "" : command->verb);
}

static const struct typed *placed(const char *name)
{
	for (size_t i = 0; i < TYPED; i++)
		if (strcmp(typed[i].command, name) == 0)
			return &typed[i];
	return NULL;
}

/* A word of the table stands for her, or for something of hers. */
static const char *mark_of(const char *word)
{
	static const char *const marks[][2] = {{"CLIENT", "$V"}, {"REFERRAL", "$referral"}, {"INCIDENT", "$incident"}};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (strncmp(word + strspn(word, "["), marks[i][0], strlen(marks[i][0])) == 0)
			return marks[i][1];
	return "$C";
}

/* The words of a plain GET: its path's, and a person where one may be named. */
static void plainly(const struct told_command *command, char out[256])
{
	char name[64], words[128];
	name_of(command, name);
	snprintf(words, sizeof words, "%s", command->words == NULL ? "" : command->words);
	size_t len = (size_t)snprintf(out, 256, "%s", name);
	for (char *rest = words, *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		len += (size_t)snprintf(out + len, 256 - len, " %s", mark_of(word));
	for (const struct told_cli_option *o = command->options; o != NULL && o->name != NULL; o++)
		if (o->kind == TOLD_OPTION_TEXT && strcmp(o->name, "client") == 0)
			snprintf(out + len, 256 - len, " --client $V");
}

static bool is_read(const struct told_command *command)
{
	return command->method != NULL && strcmp(command->method, "GET") == 0;
}

/* What is typed; false: it is not. */
static bool words_of(const struct told_command *command, char out[256])
{
	char name[64];
	name_of(command, name);
	const struct typed *row = placed(name);
	if (row != NULL && row->words == NULL)
		return false;
	if (row != NULL)
		snprintf(out, 256, "%s", row->words);
	else if (is_read(command))
		plainly(command, out);
	return row != NULL || is_read(command);
}

static void every_command_is_typed_or_says_why_not(void **state)
{
	const struct told_command *command;
	char name[64], words[256];
	size_t count = 0;
	(void)state;
	for (size_t i = 0; (command = told_command_at(i)) != NULL; i++) {
		name_of(command, name);
		bool acts = command->method != NULL && strcmp(command->method, "GET") != 0;
		bool is = words_of(command, words);
		count += is;
		if (!is && !acts && placed(name) == NULL)
			fail_msg("told %s: say in tests/blind/test_told.c how it is typed about somebody hidden", name);
	}
	assert_true(count >= 40);
}

/* ---- typing ---- */

static struct told_api *api;
static struct told_agent_watch watch;
static char token_file[PATH_MAX];

static void open_api(void)
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
}

static pid_t type(char *words, const char *out)
{
	char program[PATH_MAX], *argv[32] = {program};
	const char *bin = getenv("TOLD_BIN");
	size_t argc = 1;
	snprintf(program, sizeof program, "%s/told", bin == NULL ? "." : bin);
	for (char *word; (word = strtok_r(words, " ", &words)) != NULL && argc < 27;)
		argv[argc++] = word;
	argv[argc++] = (char *)(uintptr_t) "--agent";
	argv[argc++] = world_agent(&world, "TT")->dir;
	argv[argc++] = (char *)(uintptr_t) "--as";
	argv[argc++] = token_file;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child > 0)
		return child;
	int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), none = open("/dev/null", O_RDONLY);
	dup2(none, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execv(program, argv);
	_exit(127);
}

static int until_ended(pid_t child)
{
	int code = 0;
	int64_t end_ms = world_now_ms() + WORLD_WAIT_MS;
	while (waitpid(child, &code, WNOHANG) != child) {
		assert_true(world_now_ms() < end_ms);
		assert_int_equal(told_agent_turn(world_agent(&world, "TT")->agent, &watch, 2), TOLD_OK);
	}
	return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

/* What the command says, and its exit code; the caller's. */
static char *screen(const char *typed_words)
{
	char out[PATH_MAX], *words = filled(typed_words), *text_of = NULL;
	struct told_buf shown = TOLD_BUF(4u << 20), whole = TOLD_BUF(65536);
	world_replace(&whole, words, "$D", world.dir);
	free(words);
	words = strdup(told_buf_cstr(&whole));
	told_buf_free(&whole);
	snprintf(out, sizeof out, "%.*s/screen", PATH_MAX - 16, world.dir);
	int code = until_ended(type(words, out));
	free(words);
	assert_int_equal(told_file_read(out, 4u << 20, &shown), TOLD_OK);
	assert_true(code != 127);
	assert_true(asprintf(&text_of, "exit %d\n%.*s", code, (int)shown.len, (const char *)shown.data) > 0);
	told_buf_free(&shown);
	return text_of;
}

/* ---- laying beside each other ---- */

#define SCREENS_MAX 256u
static char *screens[2][SCREENS_MAX], *typed_as[SCREENS_MAX];

/* Besides the masks of worlds.h: what a line says behind these signs. */
static struct {
	const char *behind, *why;
	size_t used;
} lines[] = {
	{"northtown.example/1", "how many entries the log has, over all agencies", 0},
	{"This page has a number: ", "a statement's own number, drawn", 0},
	{"\u2588\u2588", "a QR code of what was drawn: a reference, a statement's number", 0},
};
#define LINES (sizeof lines / sizeof lines[0])

/* Takes the text. The length of a line stays hidden as well: a QR code grows with the letters that it holds. */
static char *without_lines(char *screen_text)
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

static size_t type_all(char *out[SCREENS_MAX])
{
	const struct told_command *command;
	size_t n = 0;
	char words[256];
	open_api();
	for (size_t i = 0; (command = told_command_at(i)) != NULL; i++) {
		if (!words_of(command, words))
			continue;
		assert_true(n < SCREENS_MAX);
		free(typed_as[n]);
		typed_as[n] = strdup(words);
		out[n++] = plain(without_lines(screen(words)));
	}
	told_api_close(api);
	return n;
}

static void no_screen_tells_a_worker_who_is_named(void **state)
{
	size_t told = 0, done = 0;
	(void)state;
	build(true);
	size_t count = type_all(screens[0]);
	world_close(&world);
	build(false);
	assert_int_equal(type_all(screens[1]), count);
	world_close(&world);
	for (size_t i = 0; i < count; i++) {
		done += strncmp(screens[0][i], "exit 0", 6) == 0;
		if (strcmp(screens[0][i], screens[1][i]) != 0) {
			fprintf(stderr, "told %s tells:\n--- with\n%s\n--- without\n%s\n", typed_as[i], screens[0][i],
				screens[1][i]);
			told++;
		}
		free(screens[0][i]);
		free(screens[1][i]);
		free(typed_as[i]);
	}
	print_message("%zu screens, %zu of them shown\n", count, done);
	assert_true(done > 20);
	assert_int_equal(told, 0);
	for (size_t l = 0; l < LINES; l++) /* what hides nothing any more is taken out */
		assert_true(lines[l].used > 0 && lines[l].why[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_typed_or_says_why_not),
		cmocka_unit_test(no_screen_tells_a_worker_who_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
