#include "trace/blob.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

#define NTLM_BEGIN "TlRMTVNTUA"		/* "NTLMSSP" and its NUL */

/* Of base64 and base64url: 1 a letter or digit, 2 a mark that URLs have many of. */
static const unsigned char kinds[256] = {
	['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1,
	['7'] = 1, ['8'] = 1, ['9'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1,
	['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1,
	['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1,
	['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1,
	['Z'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,
	['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1,
	['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
	['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1, ['+'] = 1,
	['='] = 1, ['/'] = 2, ['-'] = 2, ['_'] = 2,
};

static unsigned
kind(char c)
{
	return kinds[(unsigned char)c];
}

/* Behind the run that i is in. */
static size_t
run_end(struct str s, size_t i)
{
	while (i < s.len && kind(s.p[i]) != 0)
		i++;
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

static bool
is_url(struct str s, size_t start, size_t end)
{
	size_t marks = 0;

	for (size_t i = start; i < end; i++)
		marks += kind(s.p[i]) == 2;
	return marks > (end - start) / 10;
}

/*
 * The first run at or after i that is long enough: its start, or s.len. No run is in i,
 * so one that is long enough to count has a character at every BLOB_MIN-th place.
 */
static size_t
next_run(struct str s, size_t i)
{
	while (i < s.len && s.len - i >= BLOB_MIN) {
		size_t at = i + BLOB_MIN - 1, start, end;

		if (kind(s.p[at]) == 0) {
			i = at + 1;
			continue;
		}
		start = run_start(s, at, i);
		end = run_end(s, at);
		if (end - start >= BLOB_MIN && !is_url(s, start, end))
			return start;
		i = end;
	}
	return s.len;
}

/* The same for what begins like a message of NTLM, of any length. */
static size_t
next_ntlm(struct str s, size_t i)
{
	const char *at = i >= s.len ? NULL
	    : memmem(s.p + i, s.len - i, NTLM_BEGIN, sizeof(NTLM_BEGIN) - 1);

	return at == NULL ? s.len : run_start(s, (size_t)(at - s.p), i);
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

	while ((next = next_line(s, end)) < s.len && kind(s.p[next]) != 0) {
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
blob_shorten(struct str s, size_t limit, struct buf *out)
{
	size_t run, ntlm, done = 0, i, n;

	if (s.len == 0)		/* and no address to count from, perhaps */
		return 0;
	run = next_run(s, 0);
	ntlm = next_ntlm(s, 0);
	while ((i = run < ntlm ? run : ntlm) < s.len && out->len < limit) {
		done += put((struct str){ s.p + done, i - done }, limit, out);
		if (done < i)
			return done;
		done = blob_end(s, i, &n);
		buf_printf(out, "[%zu characters of base64]", n);
		run = run < done ? next_run(s, done) : run;
		ntlm = ntlm < done ? next_ntlm(s, done) : ntlm;
	}
	return done + put((struct str){ s.p + done, s.len - done }, limit, out);
}
