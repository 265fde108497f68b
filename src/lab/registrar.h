/*
 * registrar - the SIP server: listens, terminates the outer TLS, splits the stream into
 * messages.
 */
#ifndef CSWATCH_LAB_REGISTRAR_H
#define CSWATCH_LAB_REGISTRAR_H
#include <stdint.h>

struct err;
struct lab_pool;
struct lab_registrar;

/*
 * Makes a registrar that listens; port 0 selects a free port. Returns NULL and sets *err
 * on failure.
 */
struct lab_registrar *lab_registrar_new(
    struct lab_pool *pool, uint16_t port, struct err *err);
void lab_registrar_free(struct lab_registrar *r); /* NULL is allowed */
uint16_t lab_registrar_port(const struct lab_registrar *r);
/* Listens or stops listening according to the faults; call it after they have changed. */
void lab_registrar_faults_changed(struct lab_registrar *r);

#endif
