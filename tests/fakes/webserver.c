#include "webserver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "base/buf.h"

#define ANSWER_MAX (8 * 1024 * 1024)

struct webserver {
	struct tlsserver *tls;
	unsigned requests;
	void (*serve)(void *arg, struct tlsconn *c, const struct web_request *rq);
	void *arg;
};

struct str
web_request_header(const struct web_request *rq, const char *name)
{
	struct str rest = rq->head, line, key, value;

	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &line);
		value = str_split(line, ':', &key);
		if (value.p != NULL && str_caseeq(key, name))
			return str_trim(value);
	}
	return STR_NULL;
}

/* Octets of the head, the empty line included; 0: not whole yet. */
static size_t
head_length(struct str s)
{
	for (size_t i = 3; i < s.len; i++)
		if (memcmp(s.p + i - 3, "\r\n\r\n", 4) == 0)
			return i + 1;
	return 0;
}

static size_t
on_data(void *arg, struct tlsconn *c, struct str octets)
{
	struct webserver *w = arg;
	struct web_request rq = { .number = w->requests + 1 };
	size_t head = head_length(octets);
	uint64_t length = 0;
	struct str line, value;

	if (head == 0)
		return 0;
	rq.head = str_split((struct str){ octets.p, head }, '\n', &line);
	line = str_split(line, ' ', &rq.method);
	str_split(line, ' ', &rq.path);
	value = web_request_header(&rq, "Content-Length");
	if (value.p != NULL)
		MUST(str_uint(value, 0, ANSWER_MAX, &length));
	if (octets.len - head < length)
		return 0;
	rq.body = (struct str){ octets.p + head, length };
	w->requests++;
	w->serve(w->arg, c, &rq);
	return head + length;
}

struct webserver *
webserver_new(struct loop *l, X509 *cert, EVP_PKEY *key,
    void (*serve)(void *arg, struct tlsconn *c, const struct web_request *rq), void *arg)
{
	struct webserver *w = calloc(1, sizeof(*w));

	MUST(w != NULL);
	w->serve = serve;
	w->arg = arg;
	w->tls =
	    tlsserver_new(l, &(struct tlsserver_settings){
				 .cert = cert, .key = key, .data = on_data, .arg = w });
	return w;
}

void
webserver_free(struct webserver *w)
{
	if (w == NULL)
		return;
	tlsserver_free(w->tls);
	free(w);
}

uint16_t
webserver_port(const struct webserver *w)
{
	return tlsserver_port(w->tls);
}

struct tlsserver *
webserver_tls(struct webserver *w)
{
	return w->tls;
}

unsigned
webserver_requests(const struct webserver *w)
{
	return w->requests;
}

void
webserver_answer(
    struct tlsconn *c, const char *status, const char *headers, struct str body)
{
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	buf_printf(&out, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, headers,
	    body.len);
	buf_str(&out, body);
	MUST(!out.failed);
	tlsconn_send(c, buf_view(&out));
	buf_free(&out);
}

void
web_expand(const char *text, const char *url, struct buf *out)
{
	struct str rest = str_of(text), part;

	for (bool word = false; rest.p != NULL; word = !word) {
		rest = str_split(rest, '$', &part);
		buf_str(out, word ? str_of(url) : part);
	}
	MUST(!out->failed);
}
