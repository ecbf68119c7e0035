/* SPDX-License-Identifier: Apache-2.0 */
/* Who is on call here, as the vault has it: staff numbers and days, nothing about anybody else. */
#include "agents/agent/core/doc.h"
#include "agents/agent/work/attention.h"

#include <stdio.h>
#include <string.h>

static void copy(char out[TOLD_NAME_MAX_BYTES + 1], const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	snprintf(out, TOLD_NAME_MAX_BYTES + 1, "%s", text == NULL ? "" : text);
}

static void read_duty(const json_t *json, struct told_duty *out)
{
	const json_t *away = json_object_get(json, "away");
	copy(out->contact, json, "contact");
	copy(out->deputy, json, "deputy");
	for (size_t i = 0; i < json_array_size(away) && i < TOLD_DUTY_AWAY_MAX; i++) {
		struct told_away *one = &out->away[out->away_count++];
		copy(one->worker, json_array_get(away, i), "worker");
		one->until_ms = json_integer_value(json_object_get(json_array_get(away, i), "until_ms"));
	}
}

enum told_status told_duty_load(struct told_agent *agent, struct told_duty *out)
{
	struct told_buf text = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	memset(out, 0, sizeof *out);
	enum told_status status = told_vault_get(agent->vault, "duty", &text);
	json_t *json = status == TOLD_OK ? json_loadb((const char *)text.data, text.len, 0, NULL) : NULL;
	if (status == TOLD_OK && json == NULL)
		status = TOLD_E_CORRUPT;
	if (status == TOLD_OK)
		read_duty(json, out);
	json_decref(json);
	told_buf_free(&text);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

json_t *told_duty_json(const struct told_duty *duty)
{
	json_t *away = json_array();
	for (size_t i = 0; i < duty->away_count; i++)
		json_array_append_new(away, json_pack("{s:s, s:I}", "worker", duty->away[i].worker, "until_ms",
						      (json_int_t)duty->away[i].until_ms));
	return json_pack("{s:s, s:s, s:o}", "contact", duty->contact, "deputy", duty->deputy, "away", away);
}

enum told_status told_duty_save(struct told_agent *agent, const struct told_duty *duty)
{
	json_t *json = told_duty_json(duty);
	enum told_status status = told_doc_put_named(agent, "duty", json);
	json_decref(json);
	return status;
}

static bool live(void *ctx, const char *worker)
{
	struct told_agent *agent = ctx;
	struct told_worker_row row;
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	return told_worker_by_number(agent->vault, agent->arena, told_text(worker), &row) == TOLD_OK &&
	       row.state == TOLD_WORKER_ACTIVE && row.from_ms <= now_ms && (row.until_ms == 0 || now_ms < row.until_ms);
}

const char *told_duty_now(struct told_agent *agent, const struct told_duty *duty, const char *named)
{
	return told_duty_stands_for(duty, named, told_clock_now(&agent->clock).wall_ms, live, agent);
}
