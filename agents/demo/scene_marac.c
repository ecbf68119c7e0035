/* SPDX-License-Identifier: Apache-2.0 */
/* A MARAC about somebody who is not safe at home. It runs on the threshold of its own agreement. One service also works
 * with the man whom she fears: its worker with him learns nothing. */
#include "agents/demo/figures.h"
#include "agents/demo/meeting.h"
#include "agents/demo/paper.h"
#include "agents/demo/say.h"
#include "agents/demo/scenes.h"

#include <string.h>

#define UNTIL      "2027-03-31"
#define PASSPHRASE "correct horse battery staple\n"

struct marac {
	struct told_demo_meeting meeting;
	char client[64];
	struct told_demo_agency his; /* Talking Therapies as the worker who works with him */
	char number[TOLD_NAME_MAX_BYTES + 1];
};

static enum told_status give_card(struct told_demo *demo, struct marac *m)
{
	json_t *reply = NULL;
	const struct told_demo_agency *work = &demo->agencies[TOLD_DEMO_WORK];
	enum told_status status = told_demo_told(demo, work, TOLD_WORDS("card", "new"), &reply);
	snprintf(m->client, sizeof m->client, "%s", told_member(reply, "client"));
	json_decref(reply);
	return status == TOLD_OK ? told_demo_do(demo, TOLD_DEMO_WORK,
						TOLD_WORDS("story", "tell", m->client, "--section", "DEM.ID=Ruth"))
				 : status;
}

/* ---- the one person to whom the minutes are sealed ---- */

static enum told_status with_passphrase(struct told_demo *demo, const char *const *words, json_t **reply)
{
	const struct told_demo_command command = {.agency = &demo->agencies[TOLD_DEMO_WORK],
						  .words = words,
						  .input = told_text(PASSPHRASE),
						  .shown = true};
	enum told_status status = told_demo_run(demo, &command, reply);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "The contact's key: %s.", words[1]);
}

/* A worker's number is what their token is called. */
static void number_of(const struct told_demo_agency *agency, char out[TOLD_NAME_MAX_BYTES + 1])
{
	const char *slash = strrchr(agency->token, '/');
	const char *name = slash != NULL ? slash + 1 : agency->token;
	snprintf(out, TOLD_NAME_MAX_BYTES + 1, "%.*s", (int)strcspn(name, "."), name);
}

static enum told_status name_contact(struct told_demo *demo, enum told_demo_who who)
{
	char number[TOLD_NAME_MAX_BYTES + 1];
	number_of(&demo->agencies[who], number);
	return told_demo_do(demo, who, TOLD_WORDS("contact", "name", number));
}

static enum told_status name_contacts(struct told_demo *demo)
{
	json_t *reply = NULL;
	enum told_status status = TOLD_OK;
	for (enum told_demo_who who = 0; status == TOLD_OK && who < TOLD_DEMO_AGENCIES; who++)
		status = name_contact(demo, who);
	if (status == TOLD_OK)
		status = with_passphrase(demo, TOLD_WORDS("contact", "key", "--passphrase", "-"), &reply);
	json_decref(reply);
	return status;
}

struct closed {
	const char *conference;
	char message[40];
};

static enum told_status came_closed(struct told_demo *demo, const json_t *reply, void *ctx)
{
	struct closed *c = ctx;
	size_t i;
	const json_t *one = NULL;
	(void)demo;
	json_array_foreach(json_object_get(reply, "messages"), i, one)
	{
		if (strcmp(told_member(one, "conference"), c->conference) == 0) {
			snprintf(c->message, sizeof c->message, "%s", told_member(one, "message"));
			return TOLD_OK;
		}
	}
	return TOLD_E_BUSY;
}

/* The agency's own key does not open the minutes; the contact's does, and the chair hears who opened them. */
static enum told_status read_minutes(struct told_demo *demo, const struct marac *m)
{
	struct closed c = {.conference = m->meeting.id};
	json_t *reply = NULL;
	enum told_status status =
		told_demo_until(demo, &demo->agencies[TOLD_DEMO_WORK], TOLD_WORDS("contact", "closed"), came_closed, &c,
				"the minutes come to the contact of Employability");
	if (status == TOLD_OK)
		status = with_passphrase(demo, TOLD_WORDS("contact", "open", c.message, "--passphrase", "-"), &reply);
	const json_t *section = json_array_get(json_object_get(reply, "sections"), 0);
	if (status == TOLD_OK)
		told_say_line(demo, "Opened:", "%s", told_member(json_object_get(section, "story"), "text"));
	json_decref(reply);
	return status;
}

/* ---- the conference ---- */

/* Below the score nothing opens unless somebody argues for it; that waits, with a name and a day. */
static enum told_status call(struct told_demo *demo, struct marac *m)
{
	const char *to = demo->agencies[TOLD_DEMO_HOUSING].profile->id;
	json_t *reply = NULL;
	enum told_status status =
		told_demo_call(demo, TOLD_DEMO_WORK,
			       TOLD_WORDS("conference", "call", m->client, "--kind", "marac", "--to", to, "--tool",
					  "DASH", "--score", "9", "--grounds", "She is followed home."),
			       &m->meeting, &reply);
	const json_t *first = json_array_get(json_object_get(reply, "messages"), 0);
	if (status == TOLD_OK && strcmp(told_member(first, "state"), "held") != 0)
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "A threshold that nobody met or argued opened a MARAC.");
	if (status == TOLD_OK)
		told_say_reason(demo, "Held:", json_object_get(first, "codes"));
	json_decref(reply);
	reply = NULL;
	if (status == TOLD_OK)
		status = told_demo_call(demo, TOLD_DEMO_WORK,
					TOLD_WORDS("conference", "call", m->client, "--kind", "marac", "--to", to,
						   "--tool", "DASH", "--score", "9", "--judgement",
						   "She has stopped coming alone.", "--grounds",
						   "She is followed home."),
					&m->meeting, &reply);
	json_decref(reply);
	return status == TOLD_OK ? told_demo_meets(demo, &m->meeting, TOLD_DEMO_HOUSING, "called") : status;
}

static enum told_status invite(struct told_demo *demo, struct marac *m)
{
	char to[2 * TOLD_NAME_MAX_BYTES + 2];
	snprintf(to, sizeof to, "%.64s,%.64s", demo->agencies[TOLD_DEMO_THERAPIES].profile->id,
		 demo->agencies[TOLD_DEMO_DRUGS].profile->id);
	enum told_status status = told_demo_says(demo, TOLD_DEMO_HOUSING, "list", &m->meeting);
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("conference", "invite", m->meeting.id, "--to", to, "--until", UNTIL));
	if (status == TOLD_OK)
		status = told_demo_meets(demo, &m->meeting, TOLD_DEMO_THERAPIES, "listed");
	return status == TOLD_OK ? told_demo_meets(demo, &m->meeting, TOLD_DEMO_DRUGS, "listed") : status;
}

/* A worker of Talking Therapies works with him. */
static enum told_status add_his_worker(struct told_demo *demo, struct marac *m)
{
	json_t *reply = NULL;
	m->his = demo->agencies[TOLD_DEMO_THERAPIES];
	enum told_status status =
		told_demo_told(demo, &demo->agencies[TOLD_DEMO_THERAPIES], TOLD_WORDS("worker", "add"), &reply);
	snprintf(m->number, sizeof m->number, "%s", told_member(reply, "number"));
	snprintf(m->his.token, sizeof m->his.token, "%s", told_member(reply, "token_file"));
	json_decref(reply);
	return status;
}

/* Also who accepted the statement sees nothing of it while nobody has said from whom it is kept. */
static enum told_status closed_until_named(struct told_demo *demo, const struct marac *m)
{
	json_t *reply = NULL;
	enum told_status status = told_demo_says(demo, TOLD_DEMO_HOUSING, "promise", &m->meeting);
	if (status == TOLD_OK)
		status = told_demo_told(demo, &demo->agencies[TOLD_DEMO_HOUSING],
					TOLD_WORDS("conference", "show", m->meeting.id), &reply);
	if (status == TOLD_OK &&
	    (json_object_get(reply, "grounds") != NULL || strcmp(told_member(reply, "access"), "names") != 0))
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "A MARAC opened before anybody was named.");
	if (status == TOLD_OK)
		told_say_line(demo, "Closed:", "nothing opens at an agency before its contact has looked");
	json_decref(reply);
	return status;
}

/* Each contact says who of theirs works with him; his worker is kept from Ruth from then on. */
static enum told_status name_workers(struct told_demo *demo, struct marac *m)
{
	enum told_status status = add_his_worker(demo, m);
	for (enum told_demo_who who = 0; status == TOLD_OK && who < TOLD_DEMO_AGENCIES; who++)
		status = told_demo_do(demo, who,
				      who == TOLD_DEMO_THERAPIES
					      ? TOLD_WORDS("conference", "name", m->meeting.id, "--alleged", m->number)
					      : TOLD_WORDS("conference", "name", m->meeting.id, "--none"));
	return status;
}

static bool lists(const json_t *reply, const char *id)
{
	size_t i;
	const json_t *one = NULL;
	json_array_foreach(json_object_get(reply, "conferences"), i, one)
	{
		if (strcmp(told_member(one, "conference"), id) == 0)
			return true;
	}
	return false;
}

/* What a worker who never heard of it sees: nothing, in the list and of the number. */
static enum told_status sees_nothing(struct told_demo *demo, const struct marac *m)
{
	const struct told_demo_command show = {.agency = &m->his,
					       .words = TOLD_WORDS("conference", "show", m->meeting.id)};
	json_t *list = NULL, *one = NULL;
	enum told_status status = told_demo_told(demo, &m->his, TOLD_WORDS("conference", "ls"), &list);
	if (status == TOLD_OK && lists(list, m->meeting.id))
		status =
			told_demo_fail(demo, TOLD_E_INTERNAL, "A worker of the other party learned of the conference.");
	if (status == TOLD_OK && told_demo_run(demo, &show, &one) == TOLD_OK)
		status = told_demo_fail(demo, TOLD_E_INTERNAL, "A worker of the other party saw the conference.");
	if (status == TOLD_OK) {
		demo->why.len = 0;
		told_say_line(demo,
			      "Kept out:", "the worker who works with him: no list and no number brings anything");
	}
	json_decref(list);
	json_decref(one);
	return status;
}

static enum told_status meet(struct told_demo *demo, struct marac *m)
{
	enum told_status status = told_demo_says(demo, TOLD_DEMO_HOUSING, "research", &m->meeting);
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_DRUGS, "known", &m->meeting);
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_THERAPIES, "not-known", &m->meeting);
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_DRUGS,
				      TOLD_WORDS("conference", "contribute", m->meeting.id, "--fact",
						 "SUD.TX=In treatment since May"));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_WORK,
				      TOLD_WORDS("conference", "contribute", m->meeting.id, "--said",
						 "RSK.FROM=I am afraid of Fridays."));
	return status == TOLD_OK ? told_demo_agenda(demo, &m->meeting, 2) : status;
}

static enum told_status decide(struct told_demo *demo, struct marac *m)
{
	enum told_status status = told_demo_says(demo, TOLD_DEMO_HOUSING, "start", &m->meeting);
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("conference", "action", m->meeting.id, "--owner",
						 demo->agencies[TOLD_DEMO_WORK].profile->id, "--do",
						 "Walk home with her on Fridays", "--due", "2026-12-18"));
	if (status == TOLD_OK)
		status = told_demo_do(demo, TOLD_DEMO_HOUSING,
				      TOLD_WORDS("conference", "minutes", m->meeting.id, "--text",
						 "New locks, and company on Fridays."));
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_HOUSING, "approve", &m->meeting);
	if (status == TOLD_OK)
		status = told_demo_meets(demo, &m->meeting, TOLD_DEMO_WORK, "approved");
	if (status == TOLD_OK)
		status = read_minutes(demo, m);
	if (status == TOLD_OK)
		status = told_demo_says(demo, TOLD_DEMO_WORK, "acknowledge", &m->meeting);
	return status == TOLD_OK ? told_demo_acknowledged(demo, &m->meeting, 1) : status;
}

enum told_status told_demo_marac(struct told_demo *demo)
{
	struct marac m = {.meeting = {.chair = TOLD_DEMO_HOUSING}};
	char path[PATH_MAX];
	size_t agencies = 0;
	told_say_scene(demo, "Ruth is not safe at home");
	told_say(demo,
		 "A MARAC has an agreement of its own. It runs on a threshold and not on permission: a score, or "
		 "a reason that somebody puts in words. Talking Therapies also works with the man whom Ruth fears.");
	enum told_status status = told_demo_path(demo, path, demo->dir, "marac.yaml");
	if (status == TOLD_OK)
		status = told_demo_paper(demo, "marac.yaml.in", path, &agencies);
	if (status == TOLD_OK)
		status = give_card(demo, &m);
	if (status == TOLD_OK)
		status = name_contacts(demo);
	if (status == TOLD_OK)
		status = call(demo, &m);
	if (status == TOLD_OK)
		status = invite(demo, &m);
	if (status == TOLD_OK)
		status = closed_until_named(demo, &m);
	if (status == TOLD_OK)
		status = name_workers(demo, &m);
	if (status == TOLD_OK)
		status = sees_nothing(demo, &m);
	if (status == TOLD_OK)
		status = meet(demo, &m);
	if (status == TOLD_OK)
		status = decide(demo, &m);
	told_demo_count(demo, "conferences.marac", status == TOLD_OK);
	return status;
}
