/* SPDX-License-Identifier: Apache-2.0 */
/* Words and options as a call's path and request, and what most commands do with them. */
#include "agents/cli/cli.h"
#include "agents/cli/show.h"

#include "broker/agree/span.h"
#include "broker/base/file.h"
#include "told/limits.h"
#include <ctype.h>
#include <string.h>
#include <time.h>

#define REPLY_MEMBER_MAX 32u

static json_t *list_of(const char *value)
{
	json_t *list = json_array();
	while (list != NULL && *value != '\0') {
		size_t len = strcspn(value, ",");
		if (len > 0 && json_array_append_new(list, json_stringn(value, len)) != 0) {
			json_decref(list);
			return NULL;
		}
		value += len + (value[len] == ',');
	}
	return list;
}

static json_t *value_of(const struct told_cli_option *option, const char *text)
{
	uint64_t number = 0;
	int64_t end_ms = 0;
	switch (option->kind) {
	case TOLD_OPTION_FLAG: return json_true();
	case TOLD_OPTION_LIST: return list_of(text);
	case TOLD_OPTION_NUMBER:
		return told_decimal(told_text(text), INT64_MAX, &number) == TOLD_OK ? json_integer((json_int_t)number)
										    : NULL;
	case TOLD_OPTION_DATE:
		return told_date_parse_end(told_text(text), &end_ms) == TOLD_OK ? json_integer(end_ms) : NULL;
	case TOLD_OPTION_TIME:
		return told_time_read(text, (int64_t)time(NULL) * 1000, &end_ms) ? json_integer(end_ms) : NULL;
	case TOLD_OPTION_TEXT:
	case TOLD_OPTION_MANY: break;
	}
	return json_string(text);
}

int told_option_member(struct told_cli *cli, const struct told_cli_option *option, const char *value, json_t *request)
{
	if (json_object_set_new(request, option->member, value_of(option, value)) == 0)
		return TOLD_EXIT_DONE;
	const char *fix = option->kind == TOLD_OPTION_DATE     ? "Write a date like 2026-12-31."
			  : option->kind == TOLD_OPTION_TIME   ? "Write a time like 14:05 or 2026-12-31T14:05."
			  : option->kind == TOLD_OPTION_NUMBER ? "Write a whole number."
							       : "Write text in UTF-8.";
	return told_failf(cli, TOLD_EXIT_USAGE, fix, "What stands behind --%s cannot be read.", option->name);
}

/* The name of the word at a place, as in "CLIENT" or "[FILE]": without brackets and dots. */
static struct told_bytes word_name(const struct told_command *command, size_t index)
{
	const char *at = command->words;
	for (size_t i = 0; i < index && at != NULL && *at != '\0'; i++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	at += at != NULL && *at == '[';
	return told_bytes(at, at != NULL ? strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") : 0);
}

static bool in_path(const struct told_command *command, struct told_bytes name)
{
	const char *at = command->path != NULL ? strchr(command->path, '{') : NULL;
	return at != NULL && strncmp(at + 1, (const char *)name.data, name.len) == 0 && at[1 + name.len] == '}';
}

static enum told_status put_word(const struct told_args *args, size_t index, json_t *request)
{
	struct told_bytes name = word_name(args->command, index);
	char member[REPLY_MEMBER_MAX] = "";
	if (in_path(args->command, name) || name.len >= sizeof member)
		return TOLD_OK;
	for (size_t i = 0; i < name.len; i++)
		member[i] = (char)tolower(name.data[i]);
	return json_object_set_new(request, member, json_string(args->words[index])) == 0 ? TOLD_OK : TOLD_E_MALFORMED;
}

static int put_fixed(struct told_cli *cli, const char *fixed, json_t *request)
{
	char member[REPLY_MEMBER_MAX] = "";
	const char *equal = fixed != NULL ? strchr(fixed, '=') : NULL;
	if (equal == NULL)
		return TOLD_EXIT_DONE;
	memcpy(member, fixed, (size_t)(equal - fixed));
	if (json_object_set_new(request, member, json_string(equal + 1)) == 0)
		return TOLD_EXIT_DONE;
	return told_fail_status(cli, TOLD_E_MEMORY, member, NULL);
}

int told_request(struct told_cli *cli, const struct told_args *args, json_t **out)
{
	json_t *request = json_object();
	int exit = request != NULL ? TOLD_EXIT_DONE : told_fail_status(cli, TOLD_E_MEMORY, "The request", NULL);
	for (size_t i = 0; i < args->word_count && exit == TOLD_EXIT_DONE; i++) {
		if (put_word(args, i, request) != TOLD_OK)
			exit = told_failf(cli, TOLD_EXIT_USAGE, "Write text in UTF-8.", "The word %zu cannot be read.",
					  i + 1);
	}
	for (size_t i = 0; i < args->option_count && exit == TOLD_EXIT_DONE; i++)
		if (args->options[i].option->member != NULL)
			exit = told_option_member(cli, args->options[i].option, args->options[i].value, request);
	if (exit == TOLD_EXIT_DONE)
		exit = put_fixed(cli, args->command->fixed, request);
	if (exit == TOLD_EXIT_DONE)
		*out = request;
	else
		json_decref(request);
	return exit;
}

int told_add_secret(struct told_cli *cli, const struct told_args *args, const char *name, json_t *request)
{
	const char *path = told_args_get(args, name);
	struct told_buf text = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	if (path == NULL)
		return TOLD_EXIT_DONE;
	enum told_status status =
		strcmp(path, "-") == 0 ? TOLD_OK : told_file_read_secret(path, TOLD_TEXT_MAX_BYTES, &text);
	int exit = status != TOLD_OK        ? told_fail_status(cli, status, path, NULL)
		   : strcmp(path, "-") == 0 ? told_read_input(cli, path, TOLD_TEXT_MAX_BYTES, &text)
					    : TOLD_EXIT_DONE;
	while (text.len > 0 && strchr("\r\n ", text.data[text.len - 1]) != NULL)
		text.len--;
	if (exit == TOLD_EXIT_DONE &&
	    json_object_set_new(request, name, json_stringn((const char *)text.data, text.len)) != 0)
		exit = told_fail_status(cli, TOLD_E_MALFORMED, path, NULL);
	told_buf_free(&text);
	return exit;
}

static void put_encoded(struct told_buf *out, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (isalnum((unsigned char)*c) || strchr("-._~", *c) != NULL)
			told_buf_put(out, c, 1);
		else
			told_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*c);
}

/* A GET says what it asks for behind the question mark. */
static void put_query(const json_t *request, struct told_buf *out)
{
	const char *name = NULL;
	json_t *value = NULL;
	char before = '?';
	json_object_foreach((json_t *)(uintptr_t)request, name, value)
	{
		told_buf_printf(out, "%c%s=", before, name);
		if (json_is_integer(value))
			told_buf_printf(out, "%lld", (long long)json_integer_value(value));
		else
			put_encoded(out, json_string_value(value) != NULL ? json_string_value(value) : "");
		before = '&';
	}
}

int told_call_path(struct told_cli *cli, const struct told_args *args, struct told_buf *out)
{
	for (size_t i = 0; i < args->word_count; i++)
		if (args->words[i][0] == '\0') {
			struct told_bytes name = word_name(args->command, i);
			return told_failf(cli, TOLD_EXIT_USAGE, "Add --help for two examples.", "%.*s is empty.",
					  (int)name.len, (const char *)name.data);
		}
	const char *path = args->command->path, *open = strchr(path, '{');
	told_buf_put(out, path, open != NULL ? (size_t)(open - path) : strlen(path));
	for (size_t i = 0; open != NULL && i < args->word_count; i++)
		if (in_path(args->command, word_name(args->command, i)))
			put_encoded(out, args->words[i]);
	if (open != NULL)
		told_buf_put_text(out, strchr(open, '}') + 1);
	return out->status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, out->status, "The path", NULL);
}

/* References are judged here, before anything else: a slip of the tongue on the telephone is the commonest error. */
static int judge_words(struct told_cli *cli, const struct told_args *args)
{
	for (size_t i = 0; i < args->word_count; i++)
		if (told_bytes_equal(word_name(args->command, i), told_text("CLIENT"))) {
			int exit = told_check_client(cli, args->words[i]);
			if (exit != TOLD_EXIT_DONE)
				return exit;
		}
	const char *client = told_args_get(args, "client");
	return client != NULL ? told_check_client(cli, client) : TOLD_EXIT_DONE;
}

int told_run_request(struct told_cli *cli, const struct told_args *args, json_t *request)
{
	struct told_buf path = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	json_t *reply = NULL;
	bool get = strcmp(args->command->method, "GET") == 0;
	int exit = judge_words(cli, args);
	if (exit == TOLD_EXIT_DONE)
		exit = told_call_path(cli, args, &path);
	if (exit == TOLD_EXIT_DONE && get)
		put_query(request, &path);
	const char *text = told_buf_cstr(&path);
	if (exit == TOLD_EXIT_DONE && text == NULL)
		exit = told_fail_status(cli, path.status, "The path", NULL);
	if (exit == TOLD_EXIT_DONE)
		exit = told_call(cli, args->command->method, text, get ? NULL : request, &reply);
	if (exit == TOLD_EXIT_DONE)
		exit = told_finish(cli, args, reply);
	json_decref(reply);
	json_decref(request);
	told_buf_free(&path);
	return exit;
}

int told_run_call(struct told_cli *cli, const struct told_args *args)
{
	json_t *request = NULL;
	int exit = told_request(cli, args, &request);
	return exit == TOLD_EXIT_DONE ? told_run_request(cli, args, request) : exit;
}
