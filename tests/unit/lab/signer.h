/*
 * signer - a pool's signing key, made for the test: scratch_dir()/ticket.key.
 */
#ifndef CSWATCH_TESTS_LAB_SIGNER_H
#define CSWATCH_TESTS_LAB_SIGNER_H

struct xmlsig;

/* The caller: xmlsig_free(). */
struct xmlsig *signer_new(void);

#endif
