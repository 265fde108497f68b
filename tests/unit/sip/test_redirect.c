/* sip/redirect: the Contacts of a redirect as a list, and what is none. */
#include "support.h"

#include "sip/redirect.h"

/* want: "host:port/q", one after the other. */
static const struct target_case {
	const char *name, *lines, *want;
} cases[] = {
	{ "none", "", "" },
	{ "one", "Contact: <sip:pool02.lab.example:5061;transport=TLS>\r\n",
	    "pool02.lab.example:5061/1000" },
	{ "in two headers, primary and backup",
	    "Contact: <sip:primary.lab.example:5061;transport=TLS>;q=0.7\r\n"
	    "Contact: <sip:backup.lab.example:5061;transport=TLS>;q=0.3\r\n",
	    "primary.lab.example:5061/700 backup.lab.example:5061/300" },
	{ "in one header",
	    "Contact: <sip:primary.lab.example:5061;transport=TLS>;q=0.7, "
	    "<sip:backup.lab.example:5061;transport=TLS>;q=0.3\r\n",
	    "primary.lab.example:5061/700 backup.lab.example:5061/300" },
	{ "by q, not by place",
	    "Contact: <sip:c:1>;q=0.3,<sip:a:2>;q=1.0\r\nm: <sip:b:3>;q=0.70\r\n",
	    "a:2/1000 b:3/700 c:1/300" },
	{ "as they appear where q is the same",
	    "Contact: <sip:a>;q=0.5,<sip:b>;q=0.5\r\nContact: <sip:c>;q=0.50\r\n",
	    "a:5061/500 b:5061/500 c:5061/500" },
	{ "q of three digits", "Contact: <sip:a>;q=0.125,<sip:b>;q=0.126\r\n",
	    "b:5061/126 a:5061/125" },
	{ "without q is as good as can be", "Contact: <sip:a>;q=0.9,<sip:b>\r\n",
	    "b:5061/1000 a:5061/900" },
	{ "q of all kinds",
	    "Contact: <sip:a>;q=0,<sip:b>;q=0.,<sip:c>;q=1,<sip:d>;Q=\"0.4\"\r\n",
	    "c:5061/1000 d:5061/400 a:5061/0 b:5061/0" },
	{ "q that is none",
	    "Contact: <sip:a>;q=0.5,<sip:b>;q=2,<sip:c>;q=x,<sip:d>;q\r\n",
	    "b:5061/1000 c:5061/1000 d:5061/1000 a:5061/500" },
	{ "q of four digits", "Contact: <sip:a>;q=0.1234\r\n", "a:5061/1000" },
	{ "other parameters",
	    "Contact: \"Home, sweet\" <sip:alice@a:7;transport=tls;lr>;"
	    "methods=\"INVITE, BYE\";expires=60;q=0.2;+sip.instance=\"<urn:x>\"\r\n",
	    "a:7/200" },
	{ "parameters without brackets are the header's", "Contact: sip:a:7;q=0.2\r\n",
	    "a:7/200" },
	{ "headers of the URI", "Contact: <sip:a:7;transport=tls?To=b>\r\n", "a:7/1000" },
	{ "an address", "Contact: <sip:192.0.2.7:443;transport=tls>\r\n",
	    "192.0.2.7:443/1000" },
	{ "named twice",
	    "Contact: <sip:a>;q=0.7,<sip:A:5061>;q=0.3,<sip:a:5062>;q=0.1\r\n",
	    "a:5061/700 a:5062/100" },
	{ "what cannot be used is left out",
	    "Contact: <tel:+1234>, <sips:g>, <sip:a;transport=tcp>;q=0.9, <sip:b:0>, "
	    "<sip:c:x>, "
	    "<sip:>, *, <http://d/>, <sip:e_f:5061>;q=0.1\r\n",
	    "e_f:5061/100" },
	{ "the worst go when there are too many",
	    "Contact: <sip:a>;q=0.1,<sip:b>;q=0.2,<sip:c>;q=0.3,<sip:d>;q=0.4,"
	    "<sip:e>;q=0.5,<sip:f>;q=0.15\r\n",
	    "e:5061/500 d:5061/400 c:5061/300 b:5061/200" },
};

static void
check_targets(void **state)
{
	const struct target_case *tc = *state;
	struct sip_target got[SIP_TARGETS_MAX];
	struct sip_msg *m = response_with(tc->lines);
	unsigned n = sip_redirect_targets(m, got);
	struct buf b;

	buf_init(&b, 4096);
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, "%s%s:%u/%u", i > 0 ? " " : "", got[i].host, got[i].port,
		    got[i].q);
	assert_string_equal(b.len > 0 ? b.data : "", tc->want);
	buf_free(&b);
	sip_msg_free(m);
}

RUN_CASES(ROWS("target", cases, check_targets));
