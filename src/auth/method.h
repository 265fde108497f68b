/*
 * method - the ways in which an account proves to a server who it is, one row of a table
 * each. A method makes tokens and reads those of the server; what carries them, such as
 * https_auth, knows no method by its name.
 *
 * A new method is a file that exports its row, and its line in method.c.
 */
#ifndef CSWATCH_AUTH_METHOD_H
#define CSWATCH_AUTH_METHOD_H
#include <stdbool.h>

#include "base/str.h"

struct account;
struct buf;
struct err;
struct loop;

#define AUTH_TOKEN_MAX 48000 /* bytes; in base64 it fits a header of 64 KiB */

/* What a method is told of one logon. All is borrowed until its state is freed. */
struct auth_logon {
	const struct account *account;
	const char *host;  /* of the server, as the URL has it */
	struct loop *loop; /* for work that blocks: loop/worker.h */
	/*
	 * After AUTH_WAIT: next() can go on. Called from the loop; not inside begin() or
	 * next(), and not after free(), which may be called inside it.
	 */
	void (*ready)(void *arg);
	void *arg;
};

enum auth_next {
	AUTH_MORE, /* *out is a token, which the server will answer with one of its own */
	AUTH_PROOF, /* *out is the last token: what the server answers is its verdict */
	AUTH_WAIT,  /* ready() will be called; then next() again, with the same challenge
		     */
	AUTH_FAILED /* *err: PROTOCOL, LOCAL, or what kept the method from its proof */
};

struct auth_method {
	const char *name;  /* in the configuration: "ntlm" */
	const char *title; /* in texts: "NTLM" */
	/* HTTP schemes that carry it, the best first; NULL-terminated */
	const char *const *schemes;
	/* ports of a web ticket service that take it, the best first; NULL-terminated */
	const char *const *ports;
	/*
	 * The server judges a connection, not a request: all tokens go over one, and when
	 * it is lost in between, the logon begins again, once.
	 */
	bool by_connection;

	/* Begins a logon. Returns its state, or NULL: *err is LOCAL. */
	void *(*begin)(const struct auth_logon *logon, struct err *err);
	/*
	 * Appends the next token to *out. challenge: the server's token, empty at first;
	 * borrowed for the call. Not called after AUTH_PROOF or AUTH_FAILED.
	 */
	enum auth_next (*next)(
	    void *state, struct str challenge, struct buf *out, struct err *err);
	/*
	 * After the verdict: whether the token that came with it proves the server, too.
	 * NULL if the method proves the account alone.
	 */
	bool (*confirm)(void *state, struct str token);
	/* Ends the logon, at any time; drops what it waits for. */
	void (*free)(void *state);
};

extern const struct auth_method auth_ntlm;

/* All of them, NULL-terminated. The first is the default. */
extern const struct auth_method *const auth_methods[];
/* Returns the method of that name in the configuration, or NULL. */
const struct auth_method *auth_method_by_name(const char *name);

#endif
