/* SPDX-License-Identifier: Apache-2.0 */
/* The ZAP handler (ZeroMQ RFC 27): a thread that answers libzmq's one question, whether a key may come in. */
#ifndef TOLD_WIRE_ZAP_H
#define TOLD_WIRE_ZAP_H

#include "broker/wire/gate.h"

#define TOLD_ZAP_DOMAIN "told"

/* Takes one request from the REP socket and answers it; anything but TOLD_OK ends the handler. */
typedef enum told_status told_zap_answer(void *socket, struct told_gate *gate);

/* The answer: 200 with the admission, 16 hexadecimal digits, as User-Id; 400 for every other key, mechanism or form. */
told_zap_answer told_zap_answer_request;

struct told_zap;

/* Binds the handler's address before it returns, so that no socket bound later can miss it (rules 10). */
TOLD_MUST_USE enum told_status told_zap_start(void *context, struct told_gate *gate, told_zap_answer *answer,
					      struct told_zap **out);
/* After the context was shut down: waits for the thread, whose socket is then closed. Accepts NULL. */
void told_zap_join(struct told_zap *zap);

#endif
