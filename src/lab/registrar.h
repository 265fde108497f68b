/*
 * registrar - the SIP server: listens, does the outer TLS, cuts the stream into messages.
 */
#ifndef CSWATCH_LAB_REGISTRAR_H
#define CSWATCH_LAB_REGISTRAR_H
#include <stdint.h>

struct err;
struct pool;
struct registrar;

/* Port 0 picks one. NULL: *err. */
struct registrar *registrar_new(struct pool *pool, uint16_t port, struct err *err);
void registrar_free(struct registrar *r); /* NULL is fine */
uint16_t registrar_port(const struct registrar *r);
/* After a change of faults: whether the port listens depends on one. */
void registrar_faults_changed(struct registrar *r);

#endif
