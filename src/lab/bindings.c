#include "lab/bindings.h"

#include <stdlib.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"

struct lab_binding {
	char address[SIP_ADDRESS_MAX];
	char endpoint[BINDINGS_KEY_MAX];
	int64_t until;
};

static void
forget_old(struct lab_bindings *b, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].until > now)
			b->v[kept++] = b->v[i];
	b->n = kept;
}

static struct lab_binding *
find_binding(const struct lab_bindings *b, const char *address, const char *endpoint)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcasecmp(b->v[i].address, address) == 0 &&
		    strcmp(b->v[i].endpoint, endpoint) == 0)
			return &b->v[i];
	return NULL;
}

static size_t
count_bindings(const struct lab_bindings *b, const char *address)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += strcasecmp(b->v[i].address, address) == 0;
	return n;
}

static struct lab_binding *
append_binding(struct lab_bindings *b, const char *address, const char *endpoint)
{
	struct lab_binding one = { .until = 0 };
	struct lab_binding *v;

	if (b->n == BINDINGS_MAX || count_bindings(b, address) >= BINDINGS_PER_USER ||
	    !str_copy(one.address, sizeof(one.address), str_of(address)) ||
	    !str_copy(one.endpoint, sizeof(one.endpoint), str_of(endpoint)))
		return NULL;
	v = realloc(b->v, (b->n + 1) * sizeof(*v));
	if (v == NULL)
		return NULL;
	b->v = v;
	b->v[b->n] = one;
	return &b->v[b->n++];
}

bool
lab_bindings_add(struct lab_bindings *b, const char *address, const char *endpoint,
    int64_t now, int64_t until)
{
	struct lab_binding *at;

	forget_old(b, now);
	at = find_binding(b, address, endpoint);
	if (at == NULL) {
		at = append_binding(b, address, endpoint);
		if (at == NULL)
			return false;
		b->added++;
	}
	at->until = until;
	return true;
}

bool
lab_bindings_remove(struct lab_bindings *b, const char *address, const char *endpoint)
{
	struct lab_binding *at = find_binding(b, address, endpoint);

	if (at == NULL)
		return false;
	*at = b->v[--b->n];
	b->removed++;
	return true;
}

void
lab_bindings_list(struct lab_bindings *b, int64_t now, struct json *j, const char *key)
{
	forget_old(b, now);
	jsonw_array(j, key);
	for (size_t i = 0; i < b->n; i++) {
		char until[TEXT_TIME_SIZE];

		text_time_s(until, b->v[i].until);
		jsonw_object(j, NULL);
		jsonw_string(j, "user", b->v[i].address);
		jsonw_string(j, "endpoint", b->v[i].endpoint);
		jsonw_string(j, "until", until);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

void
lab_bindings_free(struct lab_bindings *b)
{
	free(b->v);
	*b = (struct lab_bindings){ NULL, 0, 0, 0 };
}
