/*
 * windows_status - the numbers with which Windows says why a logon or a certificate was
 * refused: NTSTATUS and HRESULT (SEC_E_*), [MS-ERREF]. Servers put them into parameters
 * of their diagnostics whose name ends in HRESULT.
 */
#ifndef CSWATCH_VOCAB_WINDOWS_STATUS_H
#define CSWATCH_VOCAB_WINDOWS_STATUS_H
#include <stdint.h>

#include "base/str.h"

/* Returns what it means (no capital, no full stop), or NULL if that is not known. */
const char *windows_status_meaning(uint32_t status);

/*
 * Finds "HRESULT=" in what a server said, with a hexadecimal number or a decimal one that
 * may be negative. Returns its meaning, or NULL and leaves *ret unchanged if there is
 * none that is known.
 */
const char *windows_status_find(struct str said, uint32_t *ret);

#endif
