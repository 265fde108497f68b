#include "soap/url.h"

#include "vocab/err.h"

bool
url_take(struct str s, const char *document, const char *what, char ret[URL_MAX],
    struct err *err)
{
	s = str_trim(s);
	if (!str_caseprefix(s, "https://") || s.len == strlen("https://")) {
		err_set(err, CAUSE_PROTOCOL, 0, "%s: %s is not an https URL: %.*s",
		    document, what, s.len > ERR_DETAIL_MAX ? ERR_DETAIL_MAX : (int)s.len,
		    s.len > 0 ? s.p : "");
		return false;
	}
	if (s.len >= URL_MAX) {
		err_set(err, CAUSE_PROTOCOL, 0, "%s: %s has %zu octets, more than %d",
		    document, what, s.len, URL_MAX - 1);
		return false;
	}
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f) {
			err_set(err, CAUSE_PROTOCOL, 0,
			    "%s: %s has an octet that no URL has: %.*s", document, what,
			    (int)s.len, s.p);
			return false;
		}
	return str_copy(ret, URL_MAX, s);
}
