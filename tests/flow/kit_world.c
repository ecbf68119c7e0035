/* SPDX-License-Identifier: Apache-2.0 */
/* The processes of a flow: the broker, the auditor's program, the commands. */
#include "flow/kit.h"

#include "broker/base/file.h"
#include "broker/base/loop.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_MAX_BYTES (4u * 1024u * 1024u)
#define ENDS_MS       5000 /* rules A16 */

extern char **environ;

struct flow *flow_new(uint32_t people)
{
	return flow_new_at(people, told_test_dir());
}

struct flow *flow_new_at(uint32_t people, const char *dir)
{
	struct flow *flow = calloc(1, sizeof *flow);
	assert_non_null(flow);
	assert_int_equal(told_arena_new(512u * 1024u * 1024u, &flow->arena), TOLD_OK);
	flow->world.people = people;
	flow->world.bin = getenv("TOLD_BIN");
	snprintf(flow->world.dir, sizeof flow->world.dir, "%s", dir);
	assert_int_equal(bench_world_make(&flow->world), TOLD_OK);
	return flow;
}

void flow_free(struct flow *flow)
{
	for (size_t i = 0; i < flow->peer_count; i++) {
		told_client_close(flow->peers[i]->client);
		told_directory_free(flow->peers[i]->directory);
		told_parties_free(flow->peers[i]->parties);
		free(flow->peers[i]);
	}
	if (flow->world.broker > 0)
		assert_int_equal(flow_broker_stop(flow), 0);
	bench_world_free(&flow->world);
	told_arena_free(flow->arena);
	free(flow);
}

/* Loopback has 2^24 addresses: one for this process alone, so that no other program takes the port between two starts.
 */
void flow_fix_endpoint(struct flow *flow)
{
	char path[PATH_MAX], *old = NULL;
	struct told_buf file = TOLD_BUF(65536), out = TOLD_BUF(65536);
	unsigned pid = (unsigned)getpid();
	assert_int_equal(flow_broker_stop(flow), 0);
	snprintf(path, sizeof path, "%.4000s/broker.yaml", flow->world.broker_dir);
	assert_int_equal(told_file_read(path, file.max_bytes, &file), TOLD_OK);
	old = strstr(told_buf_cstr(&file), "127.0.0.1:0");
	assert_non_null(old);
	told_buf_put(&out, file.data, (size_t)((uint8_t *)old - file.data));
	told_buf_printf(&out, "127.%u.%u.%u:7443", 1 + (pid >> 16) % 250, (pid >> 8) % 256, pid % 254 + 1);
	told_buf_put_text(&out, old + strlen("127.0.0.1:0"));
	assert_int_equal(told_file_write(path, told_buf_view(&out), 0600), TOLD_OK);
	told_buf_free(&file);
	told_buf_free(&out);
	flow_broker_start(flow);
}

void flow_broker_start(struct flow *flow)
{
	assert_int_equal(bench_broker_start(&flow->world), TOLD_OK);
}

int flow_end(pid_t pid, int sig)
{
	int status = 0;
	assert_true(pid > 0);
	assert_int_equal(kill(pid, sig), 0);
	int64_t end_ms = bench_boot_ms() + ENDS_MS;
	/* A child cannot be polled for without a descriptor; nothing but a short wait is left between two looks. */
	while (waitpid(pid, &status, WNOHANG) == 0 && bench_boot_ms() < end_ms)
		assert_int_equal(told_poll(NULL, 0, 5), TOLD_E_TIMEOUT);
	if (!WIFEXITED(status) && !WIFSIGNALED(status)) {
		kill(pid, SIGKILL);
		fail_msg("the process did not end within 5 s");
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void flow_broker_kill(struct flow *flow)
{
	assert_int_equal(flow_end(flow->world.broker, SIGKILL), -SIGKILL);
	flow->world.broker = 0;
}

int flow_broker_stop(struct flow *flow)
{
	int code = flow_end(flow->world.broker, SIGTERM);
	flow->world.broker = 0;
	return code;
}

void flow_keep_checkpoint(struct flow_peer *peer)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.4000s/checkpoint", peer->flow->world.dir);
	flow_until_ready(peer);
	assert_int_equal(told_file_write(path, told_client_checkpoint(peer->client, NULL, NULL), 0600), TOLD_OK);
}

int flow_audit(struct flow *flow)
{
	char store[PATH_MAX], policy[PATH_MAX], anchor[PATH_MAX];
	struct told_buf text = TOLD_BUF(RUN_MAX_BYTES);
	snprintf(store, sizeof store, "%.4000s/told.db", flow->world.broker_dir);
	snprintf(policy, sizeof policy, "%.4000s/policy", flow->world.broker_dir);
	snprintf(anchor, sizeof anchor, "%.4000s/checkpoint", flow->world.dir);
	const char *argv[] = {"told-audit", "verify", "--store", store, "--policy", policy, "--against", anchor, NULL};
	int code = flow_run(argv, &text);
	if (code != 0)
		print_message("%s\n", told_buf_cstr(&text));
	told_buf_free(&text);
	return code;
}

const char *flow_program(const char *name)
{
	static char path[PATH_MAX];
	const char *bin = getenv("TOLD_BIN");
	snprintf(path, sizeof path, "%s/%s", bin != NULL ? bin : ".", name);
	return access(path, X_OK) == 0 ? path : NULL;
}

int flow_run(const char *const *argv, struct told_buf *text)
{
	const char *path = flow_program(argv[0]);
	int out[2], status = 0;
	pid_t pid = 0;
	char chunk[4096];
	posix_spawn_file_actions_t actions;
	assert_non_null(path);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
	assert_int_equal(posix_spawn(&pid, path, &actions, NULL, (char *const *)(uintptr_t)argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	for (ssize_t n; (n = read(out[0], chunk, sizeof chunk)) > 0;)
		if (text != NULL)
			told_buf_put(text, chunk, (size_t)n);
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (text != NULL)
		assert_non_null(told_buf_cstr(text));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
