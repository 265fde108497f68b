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

/* Behind the run at i; *ret_marks: how many of its characters URLs are full of. */
static size_t
run_end(struct str s, size_t i, size_t *ret_marks)
{
	size_t marks = 0;

	for (; i < s.len && kind(s.p[i]) != 0; i++)
		marks += kind(s.p[i]) == 2;
	*ret_marks = marks;
	return i;
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

/*
 * The blob that begins at i, in as many lines as it has: its end; i: there is none. *ret:
 * its characters. *ret_past: behind the run that is none.
 */
static size_t
blob_end(struct str s, size_t i, size_t *ret, size_t *ret_past)
{
	size_t marks, end = run_end(s, i, &marks), next, n = end - i;
	bool ntlm = n >= sizeof(NTLM_BEGIN) - 1 &&
	    memmem(s.p + i, n, NTLM_BEGIN, sizeof(NTLM_BEGIN) - 1) != NULL;

	*ret_past = end;
	if (!ntlm && (n < BLOB_MIN || marks > n / 10))
		return i;
	*ret = n;
	while ((next = next_line(s, end)) < s.len && kind(s.p[next]) != 0) {
		end = run_end(s, next, &marks);
		*ret += end - next;
	}
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
	size_t i = 0, done = 0, n = 0, end, past;

	while (i < s.len && out->len < limit) {
		if (kind(s.p[i]) == 0) {
			i++;
			continue;
		}
		end = blob_end(s, i, &n, &past);
		if (end == i) {
			i = past;
			continue;
		}
		done += put((struct str){ s.p + done, i - done }, limit, out);
		if (done < i)
			return done;
		buf_printf(out, "[%zu characters of base64]", n);
		i = done = end;
	}
	return done + put((struct str){ s.p + done, s.len - done }, limit, out);
}
