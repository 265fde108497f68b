#include "cmd/traceask.h"

#include <stdbool.h>

#include "trace/trace_json.h"
#include "trace/trace.h"

struct taking {
	struct trace *trace;
	struct err err;
	bool failed;
};

static void
on_line(void *arg, const char *kind, const json_t *line)
{
	struct taking *k = arg;

	(void)kind;
	if (!k->failed)
		k->failed = !trace_json_take(k->trace, line, &k->err);
}

enum ask_result
traceask(const char *socket, const struct control_request *r, struct trace **ret,
    struct err *err)
{
	struct taking k = { .trace = trace_new() };
	enum ask_result result;

	if (k.trace == NULL) {
		err_local(err, 0, "out of memory");
		return ASK_LOST;
	}
	result = ask(socket, r, ASK_WAIT_MS, on_line, &k, err);
	if (result == ASK_DONE && !k.failed) {
		*ret = k.trace;
		return result;
	}
	trace_free(k.trace);
	if (result == ASK_DONE)
		*err = k.err;
	return result == ASK_DONE ? ASK_LOST : result;
}
