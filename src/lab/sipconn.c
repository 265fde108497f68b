#include "lab/sipconn.h"

#include <stdio.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "lab/pki.h"
#include "lab/transcript.h"

void
lab_sip_conn_record(const struct lab_sip_conn *c, bool out, struct str message)
{
	char name[32];
	struct lab_transcript_message m = { .connection = name,
		.out = out,
		.protocol = "sip",
		.head = message,
		.body = STR_LIT("") };
	const char *end =
	    message.len < 4 ? NULL : memmem(message.p, message.len, "\r\n\r\n", 4);

	snprintf(name, sizeof(name), "sip-%u", c->id);
	if (end != NULL) {
		m.head.len = (size_t)(end - message.p);
		m.body = (struct str){ end + 4, message.len - m.head.len - 4 };
	}
	lab_transcript_write(c->pool->transcript, &m);
}

void
lab_sip_conn_send(struct lab_sip_conn *c, struct str message)
{
	lab_sip_conn_record(c, true, message);
	bufferevent_write(c->bev, message.p, message.len);
}

void
lab_sip_conn_doom(struct lab_sip_conn *c, bool flush)
{
	c->doomed = true;
	if (!flush) {
		struct evbuffer *out = bufferevent_get_output(c->bev);

		evbuffer_drain(out, evbuffer_get_length(out));
	}
}

struct tls_inner_ctx *
lab_sip_conn_inner(const struct lab_sip_conn *c)
{
	/* tls-dsk=bad-signature concerns rspauth, not the certificate. */
	if (faults_is(&c->pool->faults, STEP_TLS_DSK, LAB_FAULT_BAD_SIGNATURE))
		return c->inner[PKI_RIGHT];
	return c->inner[lab_pool_face(c->pool, STEP_TLS_DSK)];
}
