/* SPDX-License-Identifier: Apache-2.0 */
/* Fetches each algorithm once and gives every thread its own contexts. Touches libcrypto and thread storage only.
 *
 * Why: in OpenSSL 3.0 an implicit fetch takes a lock and a table look-up that cost twice the hash itself (466 against
 * 151 ns for 64 bytes), and contexts that threads share contend on their reference counts. */
#include "proto/seal_tools.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t tools_key;
static EVP_MD *sha256;
static EVP_CIPHER *chacha;

void told_seal_must(int ok)
{
	if (ok == 1)
		return;
	fputs("told: libcrypto gave no SHA-256 or ChaCha20-Poly1305, or no memory was left, so nothing can be sealed; "
	      "check libssl3 and its configuration, then start again\n",
	      stderr);
	abort();
}

static void free_tools(void *data)
{
	struct told_seal_tools *tools = data;
	EVP_MD_CTX_free(tools->sha256);
	EVP_CIPHER_CTX_free(tools->cipher);
	free(tools);
}

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	chacha = EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
	told_seal_must(sha256 != NULL && chacha != NULL);
	told_seal_must(pthread_key_create(&tools_key, free_tools) == 0);
}

const struct told_seal_tools *told_seal_tools(void)
{
	told_seal_must(pthread_once(&once, fetch) == 0);
	struct told_seal_tools *tools = pthread_getspecific(tools_key);
	if (tools != NULL)
		return tools;

	tools = calloc(1, sizeof *tools);
	told_seal_must(tools != NULL);
	tools->chacha = chacha;
	tools->cipher = EVP_CIPHER_CTX_new();
	tools->sha256 = EVP_MD_CTX_new();
	told_seal_must(tools->cipher != NULL && tools->sha256 != NULL);
	told_seal_must(EVP_DigestInit_ex2(tools->sha256, sha256, NULL));
	told_seal_must(pthread_setspecific(tools_key, tools) == 0);
	return tools;
}
