#include "registrar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../fakes/must.h"
#include "../../fakes/tlsserver.h"
#include "../tls/certs.h"
#include "base/buf.h"
#include "txn_world.h"

#define ANSWER_MAX (8 * 1024 * 1024)

struct registrar {
	struct tlsserver *tls;
	const char *(*script)(void *arg, unsigned n);
	void *arg;
	unsigned requests;
	struct buf request;
};

static struct str
header(struct str rest, const char *name)
{
	struct str line, key, value;

	while (rest.p != NULL) {
		rest = str_split(rest, '\n', &line);
		value = str_split(line, ':', &key);
		if (value.p != NULL && str_caseeq(key, name))
			return str_trim(value);
	}
	return STR_NULL;
}

static void
add_cseq_before(struct buf *out, struct str cseq)
{
	struct str number;
	uint64_t n;

	str_split(cseq, ' ', &number);
	MUST(str_uint(number, 1, UINT32_MAX, &n));
	buf_printf(out, "%u REGISTER", (unsigned)n - 1);
}

static void
add_word(const struct registrar *r, struct buf *out, struct str word)
{
	static const char *const headers[] = { "Via", "From", "To", "Call-ID", "CSeq" };
	struct str request = buf_view(&r->request);

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		if (str_caseeq(word, headers[i])) {
			buf_str(out, header(request, headers[i]));
			return;
		}
	}
	if (str_eq(word, "PORT")) {
		buf_printf(out, "%u", tlsserver_port(r->tls));
	} else if (str_eq(word, "CSEQ-1")) {
		add_cseq_before(out, header(request, "CSeq"));
	} else {
		MUST(str_eq(word, "10000"));
		for (int i = 0; i < 10000; i++)
			buf_putc(out, 'x');
	}
}

static void
answer(struct registrar *r, struct tlsconn *c, const char *script)
{
	struct str rest = str_of(script), part;
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	for (bool word = false; rest.p != NULL; word = !word) {
		rest = str_split(rest, '$', &part);
		if (word)
			add_word(r, &out, part);
		else
			buf_str(&out, part);
	}
	MUST(!out.failed);
	tlsconn_send(c, buf_view(&out));
	buf_free(&out);
}

static size_t
on_data(void *arg, struct tlsconn *c, struct str octets)
{
	struct registrar *r = arg;
	const char *script;

	if (octets.len < 4 || memcmp(octets.p + octets.len - 4, "\r\n\r\n", 4) != 0)
		return 0;
	buf_clear(&r->request);
	buf_str(&r->request, octets);
	script = r->script(r->arg, ++r->requests);
	if (script != NULL && script[0] == '\0')
		tlsconn_end(c, false);
	else if (script != NULL)
		answer(r, c, script);
	return octets.len;
}

struct registrar *
registrar_new(struct loop *l, const char *(*script)(void *arg, unsigned n), void *arg)
{
	struct cert_spec ca_spec = { .cn = "Test CA", .ca = 1 };
	struct cert_spec spec = { .cn = WORLD_HOST,
		.san = "DNS:" WORLD_HOST ",IP:127.0.0.1",
		.eku = "serverAuth",
		.from = -DAY,
		.to = 100 * DAY };
	X509 *ca = certs_make(&ca_spec, certs_key(0, 0), NULL, NULL);
	X509 *cert = certs_make(&spec, certs_key(1, 0), ca, certs_key(0, 0));
	struct registrar *r = calloc(1, sizeof(*r));

	MUST(r != NULL);
	r->script = script;
	r->arg = arg;
	buf_init(&r->request, 65536);
	r->tls = tlsserver_new(
	    l, &(struct tlsserver_settings){
		   .cert = cert, .key = certs_key(1, 0), .data = on_data, .arg = r });
	X509_free(ca);
	X509_free(cert);
	return r;
}

void
registrar_free(struct registrar *r)
{
	if (r == NULL)
		return;
	tlsserver_free(r->tls);
	buf_free(&r->request);
	free(r);
}

uint16_t
registrar_port(const struct registrar *r)
{
	return tlsserver_port(r->tls);
}

unsigned
registrar_requests(const struct registrar *r)
{
	return r->requests;
}

struct str
registrar_request(const struct registrar *r)
{
	return buf_view(&r->request);
}
