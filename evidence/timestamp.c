/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3161 through libcrypto's TS functions. Touches OpenSSL only. */
#include "evidence/timestamp.h"

#include "evidence/line.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <time.h>

#define NONCE_BITS 128
#define DASH       "\xe2\x80\x94 "

/* ---- what is stamped ---- */

/* A signature line under the origin's own name. */
static bool is_logs(struct told_bytes line, struct told_bytes origin)
{
	return told_line_skip(&line, DASH) && line.len > origin.len && line.data[origin.len] == ' ' &&
	       memcmp(line.data, origin.data, origin.len) == 0;
}

enum told_status told_timestamp_text(struct told_bytes note, struct told_buf *out)
{
	struct told_bytes rest = note, line, origin = {0};
	size_t signatures = 0;
	bool text = true;
	if (!told_text_printable(note))
		return TOLD_E_MALFORMED;
	while (told_line_take(&rest, &line)) {
		if (origin.len == 0)
			origin = line;
		bool mine = !text && is_logs(line, origin);
		signatures += mine;
		if (text || mine) {
			told_buf_put_bytes(out, line);
			told_buf_put_text(out, "\n");
		}
		text = text && line.len > 0;
	}
	return rest.len > 0 || origin.len == 0 || signatures == 0 ? TOLD_E_MALFORMED : out->status;
}

/* ---- asking ---- */

static bool set_imprint(TS_REQ *request, struct told_bytes text)
{
	told_hash hash;
	told_sha256(text, &hash);
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	bool good = imprint != NULL && algorithm != NULL &&
		    X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
		    TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
		    TS_MSG_IMPRINT_set_msg(imprint, hash.b, sizeof hash.b) == 1 &&
		    TS_REQ_set_msg_imprint(request, imprint) == 1;
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	return good;
}

static bool set_nonce(TS_REQ *request)
{
	BIGNUM *number = BN_new();
	bool good = number != NULL && BN_rand(number, NONCE_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1;
	ASN1_INTEGER *nonce = good ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
	good = nonce != NULL && TS_REQ_set_nonce(request, nonce) == 1;
	ASN1_INTEGER_free(nonce);
	BN_free(number);
	return good;
}

enum told_status told_timestamp_query(struct told_bytes text, struct told_buf *out)
{
	unsigned char *der = NULL;
	int len = 0;
	TS_REQ *request = TS_REQ_new();
	bool good = request != NULL && TS_REQ_set_version(request, 1) == 1 && set_imprint(request, text) &&
		    set_nonce(request) && TS_REQ_set_cert_req(request, 1) == 1;
	if (good)
		len = i2d_TS_REQ(request, &der);
	TS_REQ_free(request);
	if (len <= 0)
		return TOLD_E_INTERNAL;
	told_buf_put(out, der, (size_t)len);
	OPENSSL_free(der);
	return out->status;
}

/* ---- reading ---- */

static enum told_status parse(struct told_bytes bytes, TS_RESP **out)
{
	const unsigned char *at = bytes.data;
	*out = NULL;
	if (bytes.len == 0 || bytes.len > TOLD_TIMESTAMP_MAX_BYTES)
		return bytes.len == 0 ? TOLD_E_MALFORMED : TOLD_E_LIMIT;
	TS_RESP *response = d2i_TS_RESP(NULL, &at, (long)bytes.len);
	ERR_clear_error();
	if (response == NULL || at != bytes.data + bytes.len) {
		TS_RESP_free(response);
		return TOLD_E_MALFORMED;
	}
	*out = response;
	return TOLD_OK;
}

static enum told_status time_of(const TS_TST_INFO *info, uint64_t *time_ms)
{
	struct tm tm = {0};
	if (ASN1_TIME_to_tm((const ASN1_TIME *)TS_TST_INFO_get_time(info), &tm) != 1)
		return TOLD_E_MALFORMED;
	time_t seconds = timegm(&tm);
	*time_ms = seconds > 0 ? (uint64_t)seconds * 1000 : 0;
	return seconds > 0 ? TOLD_OK : TOLD_E_MALFORMED;
}

static enum told_status read_info(TS_RESP *response, told_hash *imprint, uint64_t *time_ms)
{
	TS_TST_INFO *info = TS_RESP_get_tst_info(response);
	if (info == NULL)
		return TOLD_E_REFUSED;
	TS_MSG_IMPRINT *stamped = TS_TST_INFO_get_msg_imprint(info);
	const ASN1_OBJECT *algorithm = NULL;
	X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(stamped));
	const ASN1_OCTET_STRING *hash = TS_MSG_IMPRINT_get_msg(stamped);
	if (OBJ_obj2nid(algorithm) != NID_sha256 || ASN1_STRING_length(hash) != (int)sizeof imprint->b)
		return TOLD_E_MALFORMED;
	memcpy(imprint->b, ASN1_STRING_get0_data(hash), sizeof imprint->b);
	return time_of(info, time_ms);
}

enum told_status told_timestamp_read(struct told_bytes bytes, told_hash *imprint, uint64_t *time_ms)
{
	TS_RESP *response = NULL;
	enum told_status status = parse(bytes, &response);
	if (status == TOLD_OK)
		status = read_info(response, imprint, time_ms);
	TS_RESP_free(response);
	return status;
}

/* ---- verifying ---- */

static void judge_at(X509_STORE *store, uint64_t time_ms)
{
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(time_ms / 1000));
}

static X509_STORE *store_of(struct told_bytes pem, uint64_t time_ms)
{
	BIO *bio = pem.len <= TOLD_CA_MAX_BYTES ? BIO_new_mem_buf(pem.data, (int)pem.len) : NULL;
	X509_STORE *store = bio != NULL ? X509_STORE_new() : NULL;
	X509 *certificate;
	size_t count = 0;
	while (store != NULL && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		count += X509_STORE_add_cert(store, certificate) == 1;
		X509_free(certificate);
	}
	ERR_clear_error(); /* the end of the file */
	BIO_free(bio);
	if (count == 0) {
		X509_STORE_free(store);
		return NULL;
	}
	judge_at(store, time_ms);
	return store;
}

/* The certificates that the token brings, each taken at its word: who the authority is, is not asked. */
static X509_STORE *store_inside(TS_RESP *response, uint64_t time_ms)
{
	PKCS7 *token = TS_RESP_get_token(response);
	STACK_OF(X509) *inside = token != NULL && PKCS7_type_is_signed(token) ? token->d.sign->cert : NULL;
	X509_STORE *store = inside != NULL && sk_X509_num(inside) > 0 ? X509_STORE_new() : NULL;
	bool good = store != NULL;
	for (int i = 0; good && i < sk_X509_num(inside); i++)
		good = X509_STORE_add_cert(store, sk_X509_value(inside, i)) == 1;
	if (!good) {
		ERR_clear_error();
		X509_STORE_free(store);
		return NULL;
	}
	X509_VERIFY_PARAM_set_flags(X509_STORE_get0_param(store), X509_V_FLAG_PARTIAL_CHAIN);
	judge_at(store, time_ms);
	return store;
}

/* The context takes store and data over. */
static bool holds(TS_RESP *response, struct told_bytes text, X509_STORE *store)
{
	TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	BIO *data = BIO_new_mem_buf(text.data, (int)text.len);
	bool good = ctx != NULL && data != NULL;
	if (good) {
		TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_SIGNER | TS_VFY_SIGNATURE | TS_VFY_DATA);
		TS_VERIFY_CTX_set_data(ctx, data);
		TS_VERIFY_CTX_set_store(ctx, store);
		good = TS_RESP_verify_response(ctx, response) == 1;
	} else {
		BIO_free(data);
		X509_STORE_free(store);
	}
	TS_VERIFY_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

/* ca_pem NULL: under what the token brings itself. */
static enum told_status check(struct told_bytes bytes, struct told_bytes text, const struct told_bytes *ca_pem,
			      uint64_t *time_ms)
{
	TS_RESP *response = NULL;
	told_hash stamped, ours;
	if (text.len > TOLD_NOTE_MAX_BYTES)
		return TOLD_E_LIMIT;
	enum told_status status = parse(bytes, &response);
	if (status == TOLD_OK)
		status = read_info(response, &stamped, time_ms);
	told_sha256(text, &ours);
	if (status == TOLD_OK && !told_hash_equal(&stamped, &ours))
		status = TOLD_E_SIGNATURE;
	X509_STORE *store = NULL;
	if (status == TOLD_OK)
		store = ca_pem != NULL ? store_of(*ca_pem, *time_ms) : store_inside(response, *time_ms);
	if (status == TOLD_OK && store == NULL)
		status = TOLD_E_CONFIG;
	if (status == TOLD_OK)
		status = holds(response, text, store) ? TOLD_OK : TOLD_E_SIGNATURE;
	TS_RESP_free(response);
	return status;
}

enum told_status told_timestamp_check(struct told_bytes bytes, struct told_bytes text, struct told_bytes ca_pem,
				      uint64_t *time_ms)
{
	return check(bytes, text, &ca_pem, time_ms);
}

enum told_status told_timestamp_intact(struct told_bytes bytes, struct told_bytes text)
{
	uint64_t time_ms = 0;
	return check(bytes, text, NULL, &time_ms);
}
