/* SPDX-License-Identifier: Apache-2.0 */
/* A broker with a fault: whoever checks a message by this worker dies of it. Linked with --wrap=told_verify; never
 * installed. */
#include "flow/poisoned.h"

#include "broker/verify/verify.h"

#include <stdlib.h>
#include <string.h>

enum told_status __real_told_verify(struct told_verify_room *room, struct told_arena *arena, struct told_bytes party,
				    struct told_bytes envelope, struct told_bytes body, struct told_when when,
				    const struct told_verified **verified, const struct told_refused **refused);
enum told_status __wrap_told_verify(struct told_verify_room *room, struct told_arena *arena, struct told_bytes party,
				    struct told_bytes envelope, struct told_bytes body, struct told_when when,
				    const struct told_verified **verified, const struct told_refused **refused);

enum told_status __wrap_told_verify(struct told_verify_room *room, struct told_arena *arena, struct told_bytes party,
				    struct told_bytes envelope, struct told_bytes body, struct told_when when,
				    const struct told_verified **verified, const struct told_refused **refused)
{
	if (memmem(envelope.data, envelope.len, POISON, strlen(POISON)) != NULL)
		abort();
	return __real_told_verify(room, arena, party, envelope, body, when, verified, refused);
}
