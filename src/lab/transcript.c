#include "lab/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "base/json.h"
#include "base/text.h"
#include "trace/mask.h"

#define LINE_MAX_OCTETS (8 * 1024 * 1024)

struct lab_transcript {
	FILE *file;
};

struct lab_transcript *
lab_transcript_open(const char *path, struct err *err)
{
	struct lab_transcript *t = calloc(1, sizeof(*t));
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (t == NULL || fd < 0 || (t->file = fdopen(fd, "a")) == NULL) {
		err_local(err, errno, "cannot open the transcript %s", path);
		if (fd >= 0)
			close(fd);
		free(t);
		return NULL;
	}
	return t;
}

void
lab_transcript_close(struct lab_transcript *t)
{
	if (t == NULL)
		return;
	fclose(t->file);
	free(t);
}

static void
write_header(struct json *j, struct str line)
{
	struct buf masked;
	struct str name;
	struct str value = str_split(line, ':', &name);

	if (value.p == NULL)
		return;
	buf_init(&masked, LINE_MAX_OCTETS);
	mask_header(MASK_TRANSCRIPT, str_trim(name), str_trim(value), &masked);
	jsonw_array(j, NULL);
	jsonw_str(j, NULL, name);
	jsonw_str(j, NULL, buf_view(&masked));
	jsonw_array_end(j);
	buf_free(&masked);
}

static void
write_head(struct json *j, struct str head)
{
	struct str line;

	head = str_split(head, '\n', &line);
	jsonw_str(j, "start", str_trim(line));
	jsonw_array(j, "headers");
	while (head.p != NULL && head.len > 0) {
		head = str_split(head, '\n', &line);
		write_header(j, line);
	}
	jsonw_array_end(j);
}

void
lab_transcript_write(struct lab_transcript *t, const struct lab_transcript_message *m)
{
	char now[TEXT_TIME_SIZE];
	struct buf line, body;
	struct json j;

	if (t == NULL)
		return;
	buf_init(&line, LINE_MAX_OCTETS);
	buf_init(&body, LINE_MAX_OCTETS);
	text_time_ms(now, clock_wall_ms(&clock_system));
	jsonw_init(&j, &line);
	jsonw_object(&j, NULL);
	jsonw_string(&j, "time", now);
	jsonw_string(&j, "connection", m->connection);
	jsonw_string(&j, "direction", m->out ? "out" : "in");
	jsonw_string(&j, "protocol", m->protocol);
	write_head(&j, m->head);
	(void)mask_body(MASK_TRANSCRIPT, m->body, LINE_MAX_OCTETS, &body);
	jsonw_str(&j, "body", buf_view(&body));
	jsonw_object_end(&j);
	buf_putc(&line, '\n');
	if (!line.failed) {
		fwrite(line.data, 1, line.len, t->file);
		fflush(t->file);
	}
	buf_free(&line);
	buf_free(&body);
}
