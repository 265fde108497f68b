/*
 * signer - a pool's signing key, made for the test: scratch_dir()/ticket.key.
 */
#ifndef CSWATCH_TESTS_LAB_SIGNER_H
#define CSWATCH_TESTS_LAB_SIGNER_H

struct lab_xmlsig;

/* The caller: xmlsig_free(). */
struct lab_xmlsig *signer_new(void);

#endif
