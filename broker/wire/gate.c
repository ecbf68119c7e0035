/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: a table of keys and its lock. Only the front thread changes it, so that one may read it without the lock.
 */
#include "broker/wire/gate.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct told_gate {
	pthread_mutex_t lock;
	uint64_t refused;
	uint8_t expected[TOLD_KEY_BYTES];
	struct told_keys keys;
};

static void lock(struct told_gate *gate)
{
	int rc = pthread_mutex_lock(&gate->lock);
	assert(rc == 0);
}

static void unlock(struct told_gate *gate)
{
	int rc = pthread_mutex_unlock(&gate->lock);
	assert(rc == 0);
}

enum told_status told_gate_new(struct told_gate **out)
{
	struct told_gate *gate = calloc(1, sizeof *gate);
	*out = NULL;
	if (gate == NULL)
		return TOLD_E_MEMORY;
	if (pthread_mutex_init(&gate->lock, NULL) != 0) {
		free(gate);
		return TOLD_E_SYSTEM;
	}
	*out = gate;
	return TOLD_OK;
}

void told_gate_free(struct told_gate *gate)
{
	if (gate == NULL)
		return;
	pthread_mutex_destroy(&gate->lock);
	free(gate);
}

enum told_status told_gate_allow(struct told_gate *gate, const uint8_t key[TOLD_KEY_BYTES], uint64_t admission)
{
	lock(gate);
	enum told_status status = told_keys_add(&gate->keys, key, admission, told_bytes(NULL, 0));
	unlock(gate);
	return status;
}

bool told_gate_deny(struct told_gate *gate, uint64_t admission)
{
	lock(gate);
	bool had = told_keys_remove(&gate->keys, admission);
	unlock(gate);
	return had;
}

bool told_gate_admits(const struct told_gate *gate, uint64_t admission)
{
	return told_keys_by_admission(&gate->keys, admission) != NULL;
}

void told_gate_expect(struct told_gate *gate, const uint8_t key[TOLD_KEY_BYTES])
{
	lock(gate);
	memcpy(gate->expected, key, TOLD_KEY_BYTES);
	unlock(gate);
}

uint64_t told_gate_refused(struct told_gate *gate)
{
	lock(gate);
	uint64_t refused = gate->refused;
	gate->refused = 0;
	unlock(gate);
	return refused;
}

uint64_t told_gate_judge(struct told_gate *gate, const uint8_t key[TOLD_KEY_BYTES])
{
	lock(gate);
	const struct told_key_row *row = told_keys_by_key(&gate->keys, key);
	uint64_t admission = row != NULL ? row->admission : 0;
	if (admission == 0 && memcmp(gate->expected, key, TOLD_KEY_BYTES) != 0)
		gate->refused++;
	unlock(gate);
	return admission;
}
