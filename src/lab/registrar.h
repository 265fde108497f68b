/*
 * registrar - the SIP server: listens, does the outer TLS, cuts the stream into messages.
 */
#ifndef CSWATCH_LAB_REGISTRAR_H
#define CSWATCH_LAB_REGISTRAR_H
#include <stdint.h>

struct err;
struct lab_pool;
struct lab_registrar;

/* Port 0 picks one. NULL: *err. */
struct lab_registrar *lab_registrar_new(
    struct lab_pool *pool, uint16_t port, struct err *err);
void lab_registrar_free(struct lab_registrar *r); /* NULL is fine */
uint16_t lab_registrar_port(const struct lab_registrar *r);
/* After a change of faults: whether the port listens depends on one. */
void lab_registrar_faults_changed(struct lab_registrar *r);

#endif
