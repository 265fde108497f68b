#include "sip/endpoint.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "sip/head.h"
#include "sip/sa.h"

#define GUID_SIZE 16

static bool
is_domain(struct str s)
{
	struct str label;

	do {
		s = str_split(s, '.', &label);
		if (!sip_is_made_of(label, "-"))
			return false;
	} while (s.p != NULL);
	return true;
}

bool
sip_address_parse(struct str s, char ret[SIP_ADDRESS_MAX])
{
	struct str user, domain;
	size_t at;

	if (str_caseprefix(s, "sip:"))
		s = (struct str){ s.p + 4, s.len - 4 };
	domain = str_split(s, '@', &user);
	/* RFC 3261 25.1 user, less what a header could mistake for its own syntax. */
	if (domain.p == NULL || s.len >= SIP_ADDRESS_MAX ||
	    !sip_is_made_of(user, "-_.!~*'&=+$/%") || !is_domain(domain))
		return false;
	str_copy(ret, SIP_ADDRESS_MAX, s);
	for (at = user.len + 1; ret[at] != '\0'; at++)
		if (ret[at] >= 'A' && ret[at] <= 'Z')
			ret[at] = (char)(ret[at] - 'A' + 'a');
	return true;
}

struct str
sip_address_domain(const char *address)
{
	struct str user, domain = str_split(str_of(address), '@', &user);

	return domain.p == NULL ? user : domain;
}

/* Windows memory order: the first three fields little-endian. Its own inverse. */
static void
swap_fields(uint8_t guid[GUID_SIZE])
{
	static const uint8_t order[GUID_SIZE] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11,
		12, 13, 14, 15 };
	uint8_t in[GUID_SIZE];

	memcpy(in, guid, sizeof(in));
	for (size_t i = 0; i < GUID_SIZE; i++)
		guid[i] = in[order[i]];
}

static void
print_guid(const uint8_t guid[GUID_SIZE], char ret[CRYPTO_UUID_SIZE])
{
	char hex[2 * GUID_SIZE + 1];

	crypto_hex(hex, guid, GUID_SIZE);
	snprintf(ret, CRYPTO_UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

void
sip_instance_from_epid(const char *epid, char ret[CRYPTO_UUID_SIZE])
{
	/* fcacfb03-8a73-46ef-91b1-e5ebeeaba4fe in memory order ([MS-SIPRE]) */
	static const uint8_t name_space[GUID_SIZE] = { 0x03, 0xfb, 0xac, 0xfc, 0x73, 0x8a,
		0xef, 0x46, 0x91, 0xb1, 0xe5, 0xeb, 0xee, 0xab, 0xa4, 0xfe };
	uint8_t digest[CRYPTO_DIGEST_MAX];
	struct buf name;

	ret[0] = '\0';
	buf_init(&name, GUID_SIZE + 256);
	buf_add(&name, name_space, sizeof(name_space));
	buf_puts(&name, epid);
	if (!name.failed && crypto_hash(DIGEST_SHA1, buf_view(&name), digest)) {
		swap_fields(digest);
		digest[6] = (digest[6] & 0x0f) | 0x50;
		digest[8] = (digest[8] & 0x3f) | 0x80;
		print_guid(digest, ret);
	}
	buf_free(&name);
}

static bool
read_guid(const char *text, uint8_t ret[GUID_SIZE])
{
	static const size_t dash[] = { 8, 13, 18, 23 };
	char hex[2 * GUID_SIZE];
	size_t n = 0;

	if (strlen(text) != CRYPTO_UUID_SIZE - 1)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (text[dash[i]] != '-')
			return false;
	for (size_t i = 0; text[i] != '\0'; i++)
		if (i != 8 && i != 13 && i != 18 && i != 23)
			hex[n++] = text[i];
	return crypto_unhex((struct str){ hex, n }, ret, GUID_SIZE);
}

bool
sip_gruu_token(const char *instance, char ret[SIP_GRUU_SIZE])
{
	uint8_t guid[GUID_SIZE + 2] = { 0 };
	struct buf b;
	bool ok;

	if (!read_guid(instance, guid))
		return false;
	swap_fields(guid);
	buf_init(&b, SIP_GRUU_SIZE - 1);
	crypto_base64(&b, guid, sizeof(guid));
	for (size_t i = 0; i < b.len; i++) {
		if (b.data[i] == '+')
			b.data[i] = '-';
		else if (b.data[i] == '/')
			b.data[i] = '_';
	}
	ok = !b.failed && str_copy(ret, SIP_GRUU_SIZE, buf_view(&b));
	buf_free(&b);
	return ok;
}

static bool
is_one_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

bool
sip_endpoint_init(
    struct sip_endpoint *e, const char *address, const char *epid, const char *user_agent)
{
	struct sip_endpoint n = { .cseq = 0 };
	uint8_t id[16];

	if (!sip_is_made_of(str_of(epid), "-_.") || !is_one_line(user_agent) ||
	    !str_copy(n.epid, sizeof(n.epid), str_of(epid)) ||
	    !str_copy(n.address, sizeof(n.address), str_of(address)) ||
	    !str_copy(n.user_agent, sizeof(n.user_agent), str_of(user_agent)))
		return false;
	snprintf(n.uri, sizeof(n.uri), "sip:%s", n.address);
	sip_instance_from_epid(n.epid, n.instance);
	if (n.instance[0] == '\0')
		return false;
	crypto_random(id, sizeof(id));
	crypto_hex(n.call_id, id, sizeof(id));
	*e = n;
	return true;
}

void
sip_endpoint_next(struct sip_endpoint *e, const char *expires, struct sip_signed *ret)
{
	uint8_t tag[5];

	crypto_random(tag, sizeof(tag));
	crypto_hex(e->tag, tag, sizeof(tag));
	e->cseq++;
	sip_endpoint_signed(e, expires, ret);
}

void
sip_endpoint_signed(struct sip_endpoint *e, const char *expires, struct sip_signed *ret)
{
	snprintf(e->cseq_text, sizeof(e->cseq_text), "%" PRIu32, e->cseq);
	*ret = (struct sip_signed){
		.call_id = str_of(e->call_id),
		.cseq = str_of(e->cseq_text),
		.method = STR_LIT("REGISTER"),
		.from_uri = str_of(e->uri),
		.from_tag = str_of(e->tag),
		.to_uri = str_of(e->uri),
		.expires = str_of(expires),
	};
}

/*
 * The order of the headers, with the credentials after all others, and the constant
 * ms-opaque are those that a client in the field sends. The branch is unique without a
 * draw: Call-ID is random, CSeq differs for each request.
 */
void
sip_endpoint_register(const struct sip_endpoint *e, const char *expires,
    struct str authorization, struct buf *out)
{
	struct str domain = sip_address_domain(e->address);

	buf_printf(out, "REGISTER sip:%.*s SIP/2.0\r\n", (int)domain.len, domain.p);
	buf_printf(out, "Via: SIP/2.0/tls %s;branch=z9hG4bK%.12s%08" PRIx32 "\r\n",
	    e->local, e->call_id, e->cseq);
	buf_printf(out, "From: <%s>;tag=%s;epid=%s\r\n", e->uri, e->tag, e->epid);
	buf_printf(out, "To: <%s>\r\nMax-Forwards: 70\r\n", e->uri);
	buf_printf(out, "CSeq: %" PRIu32 " REGISTER\r\n", e->cseq);
	buf_printf(out, "User-Agent: %s\r\nCall-ID: %s\r\n", e->user_agent, e->call_id);
	buf_printf(
	    out, "Contact: <sip:%s;transport=tls;ms-opaque=d3470f2e1d>;", e->local);
	buf_puts(out, "methods=\"INVITE, MESSAGE, INFO, SUBSCRIBE, OPTIONS, BYE, CANCEL, "
		      "NOTIFY, ACK, REFER, BENOTIFY\";proxy=replace;");
	buf_printf(out, "+sip.instance=\"<urn:uuid:%s>\"\r\n", e->instance);
	buf_puts(out, "Supported: gruu-10, adhoclist, msrtc-event-categories, "
		      "com.microsoft.msrtc.presence\r\n"
		      "Event: registration\r\n"
		      "Allow-Events: presence\r\n"
		      "ms-keep-alive: UAC;hop-hop=yes\r\n");
	if (expires != NULL)
		buf_printf(out, "Expires: %s\r\n", expires);
	buf_puts(out, "Content-Length: 0\r\n");
	if (authorization.p != NULL) {
		buf_puts(out, "Authorization: ");
		buf_str(out, authorization);
		buf_puts(out, "\r\n");
	}
	buf_puts(out, "\r\n");
}
