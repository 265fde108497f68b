/*
 * issued - a certificate authority, alice's key and her certificate, made once for the
 * process: what is changed by an entry must have been right before.
 */
#ifndef CSWATCH_TESTS_FUZZ_ISSUED_H
#define CSWATCH_TESTS_FUZZ_ISSUED_H
#include "base/str.h"

#define ISSUED_FOR "alice@lab.example"

struct identity;

/* Borrowed, for the life of the process. */
struct identity *issued_identity(void);
/* DER of the certificate for it. */
struct str issued_certificate(void);

#endif
