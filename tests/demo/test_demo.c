/* SPDX-License-Identifier: Apache-2.0 */
/* The demo as somebody runs it who has just built it: real processes, real sockets, its figures against the auditor's.
 */
#include "support/support.h"

#include "agents/demo/child.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_MS 400000 /* under sanitizers, beside other tests */
#define WORDS  24u

static const char *program(const char *name)
{
	static char path[4][4096];
	static size_t next;
	char *out = path[next++ % 4];
	const char *bin = getenv("TOLD_BIN");
	snprintf(out, sizeof path[0], "%s/%s", bin != NULL ? bin : "build/bin", name);
	return out;
}

static struct told_child_result run(const char *const *words)
{
	struct told_child_result result;
	const char *argv[WORDS] = {program("told"), "demo"};
	for (size_t i = 0; words[i] != NULL; i++)
		argv[i + 2] = words[i];
	assert_int_equal(told_child_run(argv, told_bytes(NULL, 0), RUN_MS, &result), TOLD_OK);
	return result;
}

static json_t *json_of(struct told_buf *text)
{
	json_error_t error;
	json_t *json = json_loadb((const char *)text->data, text->len, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL)
		fail_msg("standard output is not JSON alone: %s", told_buf_cstr(text));
	return json;
}

/* The number at "questions.asked". */
static json_int_t number(const json_t *json, const char *path)
{
	char name[64];
	const char *dot = strchr(path, '.');
	size_t len = dot != NULL ? (size_t)(dot - path) : strlen(path);
	snprintf(name, sizeof name, "%.*s", (int)len, path);
	const json_t *member = json_object_get(json, name);
	if (dot != NULL)
		return number(member, dot + 1);
	assert_true(json_is_integer(member));
	return json_integer_value(member);
}

static size_t entries_in(const char *dir)
{
	size_t count = 0;
	DIR *list = opendir(dir);
	assert_non_null(list);
	for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(list);
	return count;
}

/* How many processes name this folder on their command line. */
static size_t processes_of(const char *dir)
{
	size_t count = 0;
	DIR *list = opendir("/proc");
	assert_non_null(list);
	for (const struct dirent *entry; (entry = readdir(list)) != NULL;) {
		char path[300], line[4096];
		snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
		int fd = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		ssize_t n = fd >= 0 ? read(fd, line, sizeof line) : 0;
		count += n > 0 && memmem(line, (size_t)n, dir, strlen(dir)) != NULL;
		if (fd >= 0)
			close(fd);
	}
	closedir(list);
	return count;
}

/* ---- the figures ---- */

static void check_figures(const json_t *f)
{
	assert_int_equal(number(f, "agencies"), 4);
	assert_int_equal(number(f, "questions.separately"),
			 number(f, "questions.prefilled") + number(f, "questions.confirmed") +
				 number(f, "questions.asked") + number(f, "questions.always"));
	assert_int_equal(number(f, "questions.asked_twice"), 0);
	assert_true(number(f, "questions.asked") < number(f, "questions.separately") / 2);
	assert_true(number(f, "questions.prefilled") > 20);
	assert_true(number(f, "sections.released") > 20);
	assert_true(number(f, "sections.withheld") > 5);
	assert_int_equal(number(f, "refused"), 2);
	assert_int_equal(number(f, "withdrawn_in_queue_not_delivered"), 1);
	assert_int_equal(number(f, "household.people"), 2);
	assert_int_equal(number(f, "household.about_another_withheld"), 1);
	assert_int_equal(number(f, "household.statements"), 2);
	assert_int_equal(number(f, "note.readers"), 1);
	assert_int_equal(number(f, "note.kept_from"), 1);
	assert_int_equal(number(f, "conferences.mdt"), 1);
	assert_int_equal(number(f, "conferences.marac"), 1);
	assert_int_equal(number(f, "conferences.minutes_acknowledged"), 3);
	assert_true(number(f, "lead_worker_heard") > 2);
	assert_int_equal(number(f, "plan.steps"), 3);
	assert_int_equal(number(f, "plan.out_of_order_refused"), 1);
	assert_int_equal(number(f, "missed_appointments"), 1);
	assert_int_equal(number(f, "closed_for_non_engagement"), 0);
	assert_int_equal(number(f, "onward_referrals_avoided"), 1);
	assert_int_equal(number(f, "alerts.sent"), 2);
	assert_int_equal(number(f, "alerts.opened"), 1);
	assert_int_equal(number(f, "alerts.telephoned"), 1);
	assert_true(number(f, "statement.entries") > 0);
	assert_in_range(number(f, "statement.reading_age"), 6, 11);
	assert_true(number(f, "log.entries") > 100);
	assert_true(json_is_true(json_object_get(json_object_get(f, "log"), "verified")));
}

static void test_the_figures_agree_with_each_other_and_nothing_stays_behind(void **state)
{
	const char *tmp = told_test_dir();
	(void)state;
	setenv("TMPDIR", tmp, 1);
	struct told_child_result result = run((const char *const[]){"--json", "-", NULL});
	if (result.exit != 0)
		fail_msg("it ended with %d: %s", result.exit, told_buf_cstr(&result.err));
	json_t *figures = json_of(&result.out);
	check_figures(figures);
	printf("the demo took %lld ms\n", (long long)number(figures, "ms"));
	assert_non_null(strstr(told_buf_cstr(&result.err), ". The auditor checks the log"));
	assert_int_equal(entries_in(tmp), 0);
	assert_int_equal(processes_of(tmp), 0);
	json_decref(figures);
	told_child_result_free(&result);
	unsetenv("TMPDIR");
}

/* ---- --break, --dir, --json FILE ---- */

/* What told-audit itself says of what was kept. */
static json_t *audit(const char *dir, const char *store, int *exit)
{
	struct told_child_result result;
	char path[4200], policy[4200], receipts[4200];
	snprintf(path, sizeof path, "%s/%s", dir, store);
	snprintf(policy, sizeof policy, "%s/broker/policy", dir);
	snprintf(receipts, sizeof receipts, "%s/HOU/receipts", dir);
	const char *const argv[] = {program("told-audit"), "verify", "--store", path, "--policy", policy,
				    "--receipts",          receipts, "--json",  NULL};
	assert_int_equal(told_child_run(argv, told_bytes(NULL, 0), RUN_MS, &result), TOLD_OK);
	*exit = result.exit;
	json_t *report = json_of(&result.out);
	told_child_result_free(&result);
	return report;
}

/* But for one long word alone, such as a path. */
static void check_fits_a_terminal(const char *text)
{
	for (const char *line = text, *end; *line != '\0'; line = *end == '\0' ? end : end + 1) {
		size_t width = 0;
		end = strchrnul(line, '\n');
		for (const char *c = line; c < end; c++)
			width += (*c & 0xc0) != 0x80;
		const char *word = line + strspn(line, " ");
		if (width > 80 && memchr(word, ' ', (size_t)(end - word)) != NULL)
			fail_msg("too wide: %.*s", (int)(end - line), line);
	}
}

static void test_a_changed_byte_is_named_and_the_kept_log_is_what_the_figures_say(void **state)
{
	char dir[4096], file[4200];
	int exit = 0;
	json_error_t error;
	(void)state;
	const char *parent = told_test_dir();
	snprintf(dir, sizeof dir, "%s/kept", parent);
	snprintf(file, sizeof file, "%s/figures.json", parent);
	struct told_child_result result =
		run((const char *const[]){"--break", "--dir", dir, "--json", file, "--no-color", NULL});
	if (result.exit != 5)
		fail_msg("it ended with %d: %s", result.exit, told_buf_cstr(&result.err));
	json_t *figures = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(figures);
	check_figures(figures);
	assert_int_equal(number(figures, "broken.entry"), number(figures, "broken.named"));
	assert_int_equal(number(figures, "broken.exit"), 5);
	assert_non_null(strstr(told_buf_cstr(&result.out), "FAILED"));
	check_fits_a_terminal(told_buf_cstr(&result.out));

	json_t *report = audit(dir, "broker/told.db", &exit);
	assert_int_equal(exit, 0);
	assert_int_equal(number(report, "entries"), number(figures, "log.entries"));
	json_decref(report);
	report = audit(dir, "broken.db", &exit);
	assert_int_equal(exit, 5);
	json_decref(report);
	snprintf(file, sizeof file, "%s/SUD/vault.db", dir);
	assert_int_equal(access(file, R_OK), 0);
	assert_int_equal(processes_of(dir), 0);
	json_decref(figures);
	told_child_result_free(&result);
}

static void test_a_folder_that_is_not_empty_is_refused_and_left_alone(void **state)
{
	char file[4096];
	(void)state;
	const char *dir = told_test_dir();
	snprintf(file, sizeof file, "%s/mine", dir);
	int fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
	assert_true(fd >= 0);
	close(fd);
	struct told_child_result result = run((const char *const[]){"--dir", dir, NULL});
	assert_int_equal(result.exit, 2);
	assert_non_null(strstr(told_buf_cstr(&result.err), "is not empty"));
	assert_int_equal(entries_in(dir), 1);
	told_child_result_free(&result);
}

static void test_wrong_words_are_refused_by_name(void **state)
{
	(void)state;
	struct told_child_result result = run((const char *const[]){"--brake", NULL});
	assert_int_equal(result.exit, 2);
	assert_non_null(strstr(told_buf_cstr(&result.err), "--brake"));
	told_child_result_free(&result);
}

/* ---- interrupted ---- */

/* Starts a demo in the background; *out reads what it prints. */
static pid_t start(const char *tmp, int *out)
{
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		setenv("TMPDIR", tmp, 1);
		dup2(ends[1], STDOUT_FILENO);
		execl(program("told"), "told", "demo", "--no-color", (char *)NULL);
		_exit(127);
	}
	assert_true(pid > 0);
	close(ends[1]);
	*out = ends[0];
	return pid;
}

/* Reads until the words have been printed. */
static void read_until(int fd, const char *words)
{
	struct told_buf text = TOLD_BUF(1024 * 1024);
	int64_t deadline = told_demo_clock_ms() + RUN_MS;
	while (text.len == 0 || strstr(told_buf_cstr(&text), words) == NULL) {
		char chunk[4096];
		struct pollfd waiting = {fd, POLLIN, 0};
		assert_true(poll(&waiting, 1, (int)(deadline - told_demo_clock_ms())) > 0);
		ssize_t n = read(fd, chunk, sizeof chunk);
		assert_true(n > 0);
		told_buf_put(&text, chunk, (size_t)n);
	}
	told_buf_free(&text);
}

static void drain(int fd)
{
	char chunk[4096];
	while (read(fd, chunk, sizeof chunk) > 0)
		;
	close(fd);
}

static void test_interrupted_it_leaves_no_process_and_no_file(void **state)
{
	int out = -1, status = 0;
	(void)state;
	const char *tmp = told_test_dir();
	pid_t pid = start(tmp, &out);
	read_until(out, "3. Sam says");
	assert_true(processes_of(tmp) >= 5);
	kill(pid, SIGINT);
	drain(out); /* until nobody holds the other end any more */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGINT);
	assert_int_equal(processes_of(tmp), 0);
	assert_int_equal(entries_in(tmp), 0);
}

static void test_killed_it_leaves_no_process(void **state)
{
	int out = -1;
	(void)state;
	const char *tmp = told_test_dir();
	pid_t pid = start(tmp, &out);
	read_until(out, "2. Sam tells");
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	drain(out);
	int64_t deadline = told_demo_clock_ms() + RUN_MS;
	while (processes_of(tmp) > 0)
		assert_true(told_demo_clock_ms() < deadline);
}

/* ---- real input ---- */

static void test_real_answers_fill_in_what_they_mean_and_a_real_request_drives_the_referral(void **state)
{
	(void)state;
	const char *shared = told_test_shared("real/sdohcc");
	if (shared == NULL) {
		printf("real/sdohcc is absent: skipped\n");
		skip();
	}
	char dir[4096];
	snprintf(dir, sizeof dir, "%s", shared);
	struct told_child_result result = run((const char *const[]){"--input", dir, "--json", "-", "--no-color", NULL});
	if (result.exit != 0)
		fail_msg("it ended with %d: %s", result.exit, told_buf_cstr(&result.err));
	json_t *figures = json_of(&result.out);
	check_figures(figures);
	assert_true(number(figures, "input.aliased") > 0);
	assert_int_equal(number(figures, "input.imported") + number(figures, "input.refused") > 30, 1);
	const char *story = told_buf_cstr(&result.err);
	assert_non_null(strstr(story, "ServiceRequest/SDOHCC-ServiceRequestActiveFoodPantryApplicationAssistExample"));
	assert_non_null(strstr(story, "1 filled in, 1 read back"));
	json_decref(figures);
	told_child_result_free(&result);
}

static void test_a_folder_without_usable_input_is_refused(void **state)
{
	(void)state;
	struct told_child_result result = run((const char *const[]){"--input", told_test_dir(), NULL});
	assert_int_equal(result.exit, 6);
	assert_non_null(strstr(told_buf_cstr(&result.err), "holds no FHIR answers"));
	told_child_result_free(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_words_are_refused_by_name),
		cmocka_unit_test(test_a_folder_that_is_not_empty_is_refused_and_left_alone),
		cmocka_unit_test(test_a_folder_without_usable_input_is_refused),
		cmocka_unit_test(test_the_figures_agree_with_each_other_and_nothing_stays_behind),
		cmocka_unit_test(test_a_changed_byte_is_named_and_the_kept_log_is_what_the_figures_say),
		cmocka_unit_test(test_interrupted_it_leaves_no_process_and_no_file),
		cmocka_unit_test(test_killed_it_leaves_no_process),
		cmocka_unit_test(test_real_answers_fill_in_what_they_mean_and_a_real_request_drives_the_referral),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
