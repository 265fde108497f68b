/*
 * control_world - a control server in a directory of its own, and clients that send and
 * read bytes.
 *
 * Of the commands it answers status at once, keeps test, never comes to an end with show,
 * and sends more than may wait for trace.
 */
#ifndef CSWATCH_TESTS_CONTROL_WORLD_H
#define CSWATCH_TESTS_CONTROL_WORLD_H
#include <stdbool.h>
#include <stddef.h>

#include "control/call.h"

struct loop;
struct timer;

struct control_world {
	struct loop *loop;
	struct timer *tick;
	struct control *server; /* NULL if the test has freed it */
	char directory[64], path[100];
	struct control_call *kept; /* by test, or NULL if there is none any more */
	unsigned asked, gone, fed, lost, restored; /* how often that has happened */
	bool strangers;				   /* accounts have no role */
};

extern struct control_world world;
extern const struct control_handler world_handler;

#define OK     "{\"ok\":true}"
#define STATUS "{\"command\":\"status\"}\n"

/* Fixtures of a test. */
int world_open(void **state);
int world_close(void **state);
/* Makes the timer of world_turn(). Returns false if memory ran out. */
bool world_make_tick(void);
/* Runs the loop for a moment. */
void world_turn(void);
/* Waits until the server has so many clients. */
void world_wait_clients(size_t n);

/* Returns a connection, not blocking. */
int client(void);
void say(int fd, const char *text);
/* Reads until a line feed or the end of the connection. */
void hear(int fd, char *dst, size_t size);
void expect(int fd, const char *want);
/* Expects that the server answers a new connection. */
void expect_service(void);

#endif
