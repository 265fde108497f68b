/*
 * https_judge - why a transfer ended without an answer: libcurl's code and what was seen
 * in the meantime, as one of our causes. For https.c only.
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_JUDGE_H
#define CSWATCH_TRANSPORT_HTTPS_JUDGE_H
#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

struct err;
struct tls_peer;

struct https_ending {
	CURLcode code;		   /* CURLE_OK too: for an answer without its end */
	const char *text;	   /* of CURLOPT_ERRORBUFFER; may be empty */
	long errnum;		   /* CURLINFO_OS_ERRNO */
	int own_errnum;		   /* no socket could be made: err_is_own() */
	bool heard;		   /* at least one line of an answer came */
	bool answering;		   /* bytes of one, or its end, came from the server */
	bool head_full, body_full; /* larger than allowed */
	bool too_many_legs;
	const char *host;
	uint16_t port;
	const struct tls_peer *peer;
};

void https_judge(const struct https_ending *e, struct err *err);

#endif
