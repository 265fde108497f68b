#include "trace/mask_base64.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

#define PLAIN_MIN  32		/* characters without a mark: no name in a URL */
#define NTLM_BEGIN "TlRMTVNTUA" /* "NTLMSSP" and its NUL */

/* Of base64 and base64url: 1 a letter or digit, 2 a mark that URLs have many of. */
static const unsigned char kinds[256] = {
	['0'] = 1,
	['1'] = 1,
	['2'] = 1,
	['3'] = 1,
	['4'] = 1,
	['5'] = 1,
	['6'] = 1,
	['7'] = 1,
	['8'] = 1,
	['9'] = 1,
	['A'] = 1,
	['B'] = 1,
	['C'] = 1,
	['D'] = 1,
	['E'] = 1,
	['F'] = 1,
	['G'] = 1,
	['H'] = 1,
	['I'] = 1,
	['J'] = 1,
	['K'] = 1,
	['L'] = 1,
	['M'] = 1,
	['N'] = 1,
	['O'] = 1,
	['P'] = 1,
	['Q'] = 1,
	['R'] = 1,
	['S'] = 1,
	['T'] = 1,
	['U'] = 1,
	['V'] = 1,
	['W'] = 1,
	['X'] = 1,
	['Y'] = 1,
	['Z'] = 1,
	['a'] = 1,
	['b'] = 1,
	['c'] = 1,
	['d'] = 1,
	['e'] = 1,
	['f'] = 1,
	['g'] = 1,
	['h'] = 1,
	['i'] = 1,
	['j'] = 1,
	['k'] = 1,
	['l'] = 1,
	['m'] = 1,
	['n'] = 1,
	['o'] = 1,
	['p'] = 1,
	['q'] = 1,
	['r'] = 1,
	['s'] = 1,
	['t'] = 1,
	['u'] = 1,
	['v'] = 1,
	['w'] = 1,
	['x'] = 1,
	['y'] = 1,
	['z'] = 1,
	['+'] = 1,
	['='] = 1,
	['/'] = 2,
	['-'] = 2,
	['_'] = 2,
};

static unsigned
kind(char c)
{
	return kinds[(unsigned char)c];
}

/* What is written for a mark of base64, or for a line's end in it, in URLs, XML and JSON.
 */
static const char *const escapes[] = { "%2B", "%2F", "%3D", "%0D", "%0A", "&#43;",
	"&#47;", "&#61;", "&#x2B;", "&#x2F;", "&#x3D;", "&#xA;", "&#10;", "\\/", "\\r",
	"\\n", "\\u002B", "\\u002F", "\\u003D" };

/* Bytes of the one at i; 0: none. */
static size_t
escape_at(struct str s, size_t i)
{
	const struct str rest = { s.p + i, s.len - i };

	if (s.p[i] != '%' && s.p[i] != '&' && s.p[i] != '\\')
		return 0;
	for (size_t k = 0; k < sizeof(escapes) / sizeof(escapes[0]); k++)
		if (str_caseprefix(rest, escapes[k]))
			return strlen(escapes[k]);
	return 0;
}

/* Bytes of the character of a run at i; 0: it is none. */
static size_t
step(struct str s, size_t i)
{
	return kind(s.p[i]) != 0 ? 1 : escape_at(s, i);
}

/* Behind the run that i is in. */
static size_t
run_end(struct str s, size_t i)
{
	size_t n;

	while (i < s.len && (n = step(s, i)) > 0)
		i += n;
	return i;
}

/* The first character of the run that i is in, which does not reach below from. */
static size_t
run_start(struct str s, size_t i, size_t from)
{
	while (i > from && kind(s.p[i - 1]) != 0)
		i--;
	return i;
}

/* One with as many marks as URLs have is none, unless something long is between them. */
static bool
is_blob(struct str s, size_t start, size_t end)
{
	size_t n = 0, marks = 0, since = 0, longest = 0;

	for (size_t i = start; i < end; i += step(s, i), n++) {
		bool mark = kind(s.p[i]) != 1;

		marks += mark;
		since = mark ? 0 : since + 1;
		longest = since > longest ? since : longest;
	}
	return n >= MASK_BASE64_MIN && (marks <= n / 10 || longest >= PLAIN_MIN);
}

/*
 * The first run at or after i that is long enough: its start, or s.len. No run is in i,
 * so one that is long enough to count has a character at every MASK_BASE64_MIN-th place.
 */
static size_t
next_run(struct str s, size_t i)
{
	while (i < s.len && s.len - i >= MASK_BASE64_MIN) {
		size_t at = i + MASK_BASE64_MIN - 1, start, end;

		if (kind(s.p[at]) == 0) {
			i = at + 1;
			continue;
		}
		start = run_start(s, at, i);
		end = run_end(s, at);
		if (is_blob(s, start, end))
			return start;
		i = end;
	}
	return s.len;
}

/* The same where escapes may be anywhere. */
static size_t
next_escaped_run(struct str s, size_t i)
{
	while (i < s.len) {
		size_t end = run_end(s, i);

		if (is_blob(s, i, end))
			return i;
		i = end + (end == i);
	}
	return s.len;
}

/*
 * Finds the first place at or after i of what begins with a rare character, or s.len:
 * memmem() looks at each byte, memchr() at many at a time.
 */
static size_t
find(struct str s, size_t i, struct str what)
{
	const char *at;

	for (; i < s.len && s.len - i >= what.len; i++) {
		at = memchr(s.p + i, what.p[0], s.len - i - what.len + 1);
		if (at == NULL)
			break;
		i = (size_t)(at - s.p);
		if (memcmp(at, what.p, what.len) == 0)
			return i;
	}
	return s.len;
}

static bool
has_escapes(struct str s)
{
	return memchr(s.p, '%', s.len) != NULL || memchr(s.p, '\\', s.len) != NULL ||
	       find(s, 0, STR_LIT("&#")) != s.len;
}

/* The same for what begins like a message of NTLM, of any length. */
static size_t
next_ntlm(struct str s, size_t i)
{
	size_t at = find(s, i, STR_LIT(NTLM_BEGIN));

	return at == s.len ? s.len : run_start(s, at, i);
}

/* Base64 in lines goes on behind a line's end, which XML may write &#xD; */
static size_t
next_line(struct str s, size_t i)
{
	bool feed = false;

	while (i < s.len) {
		if (s.len - i >= 5 && (memcmp(s.p + i, "&#xD;", 5) == 0 ||
					  memcmp(s.p + i, "&#13;", 5) == 0)) {
			feed = true;
			i += 5;
		} else if (strchr(" \t\r\n", s.p[i]) != NULL && s.p[i] != '\0') {
			feed = feed || s.p[i] == '\n';
			i++;
		} else {
			break;
		}
	}
	return feed ? i : s.len;
}

/* Behind the blob that begins at i, in as many lines as it has; *ret: its characters. */
static size_t
blob_end(struct str s, size_t i, size_t *ret)
{
	size_t end = run_end(s, i), next, n = end - i;

	while ((next = next_line(s, end)) < s.len && step(s, next) != 0) {
		end = run_end(s, next);
		n += end - next;
	}
	*ret = n;
	return end;
}

/* At most as much as there is room for; how much. */
static size_t
put(struct str s, size_t limit, struct buf *out)
{
	size_t room = limit > out->len ? limit - out->len : 0;

	s.len = s.len < room ? s.len : room;
	buf_str(out, s);
	return s.len;
}

size_t
mask_base64_shorten(struct str s, size_t limit, struct buf *out)
{
	size_t (*next)(struct str s, size_t i);
	size_t run, ntlm, done = 0, i, n;

	if (s.len == 0) /* and no address to count from, perhaps */
		return 0;
	next = has_escapes(s) ? next_escaped_run : next_run;
	run = next(s, 0);
	ntlm = next_ntlm(s, 0);
	while ((i = run < ntlm ? run : ntlm) < s.len && out->len < limit) {
		done += put((struct str){ s.p + done, i - done }, limit, out);
		if (done < i)
			return done;
		done = blob_end(s, i, &n);
		buf_printf(out, "[%zu characters of base64]", n);
		run = run < done ? next(s, done) : run;
		ntlm = ntlm < done ? next_ntlm(s, done) : ntlm;
	}
	return done + put((struct str){ s.p + done, s.len - done }, limit, out);
}
