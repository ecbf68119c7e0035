/* SPDX-License-Identifier: Apache-2.0 */
/* enrol.json, in and out. Public halves of keys only. */
#include "agents/cli/enrolment.h"

#include "agents/cli/show.h"
#include "broker/base/file.h"
#include "told/seal.h"
#include <string.h>

#define ENROLMENT_MAX_BYTES 4096u

static enum told_status take(const json_t *json, struct told_enrolment *out)
{
	const char *party = told_text_of(json, "party");
	if (json_object_size(json) != 4 || party[0] == '\0' || strlen(party) > TOLD_NAME_MAX_BYTES ||
	    told_unhex(told_text(told_text_of(json, "identity_key")), out->identity_key, TOLD_KEY_BYTES) != TOLD_OK ||
	    told_unhex(told_text(told_text_of(json, "session_key")), out->session_key, TOLD_KEY_BYTES) != TOLD_OK)
		return TOLD_E_MALFORMED;
	memcpy(out->party, party, strlen(party) + 1);
	told_fingerprint(out->identity_key, out->fingerprint);
	return strcmp(out->fingerprint, told_text_of(json, "identity")) == 0 ? TOLD_OK : TOLD_E_DIGEST;
}

int told_enrolment_read(struct told_cli *cli, const char *path, struct told_enrolment *out)
{
	struct told_buf text = TOLD_BUF(ENROLMENT_MAX_BYTES);
	*out = (struct told_enrolment){0};
	int exit = told_read_input(cli, path, ENROLMENT_MAX_BYTES, &text);
	if (exit == TOLD_EXIT_DONE) {
		json_t *json = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
		enum told_status status = take(json, out);
		if (status != TOLD_OK)
			exit = told_failf(cli, TOLD_EXIT_CONFIG, "Ask the agency for the enrol.json of its folder.",
					  "%s is no enrolment: %s.", path, told_status_text(status));
		json_decref(json);
	}
	told_buf_free(&text);
	return exit;
}

int told_enrolment_write(struct told_cli *cli, const char *path, const struct told_enrolment *enrolment)
{
	char identity[2 * TOLD_KEY_BYTES + 1], session[2 * TOLD_KEY_BYTES + 1];
	struct told_buf text = TOLD_BUF(ENROLMENT_MAX_BYTES);
	told_hex(enrolment->identity_key, TOLD_KEY_BYTES, identity);
	told_hex(enrolment->session_key, TOLD_KEY_BYTES, session);
	told_buf_printf(
		&text, "{\"party\": \"%s\", \"identity_key\": \"%s\", \"session_key\": \"%s\", \"identity\": \"%s\"}\n",
		enrolment->party, identity, session, enrolment->fingerprint);
	enum told_status status =
		text.status == TOLD_OK ? told_file_write(path, told_buf_view(&text), 0644) : text.status;
	told_buf_free(&text);
	return status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, status, path, NULL);
}
