/*
 * tracing - a trace that takes down what it is given, as within a run; nothing is secret.
 */
#ifndef CSWATCH_TESTS_TRACING_H
#define CSWATCH_TESTS_TRACING_H
#include "must.h"
#include "trace/secret_words.h"
#include "trace/trace.h"

static inline struct trace *
tracing_new(void)
{
	struct secret_words *words = secret_words_new();
	struct trace *t = trace_new();

	MUST(words != NULL && t != NULL);
	trace_begin(t, words);
	secret_words_free(words);
	return t;
}

#endif
