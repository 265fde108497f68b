/*
 * ntlm_capitals - the capital letter of a character as Windows forms it; for ntlm.c only.
 *
 * The proof of NTLM covers the user name in capitals. Windows maps 973 characters with a
 * table of its own and leaves all others alone, letters among them to which Unicode gives
 * a capital (dotless i, long s, the micro sign, all of Georgian, whatever is above
 * U+FFFF). One letter that is treated otherwise is a wrong password to the server.
 *
 * Source: [MS-UCODEREF] 3.1.5.3, "Windows 8 Upper Case Mapping Table". Windows 7 to 11
 * have the same.
 */
#ifndef CSWATCH_AUTH_NTLM_CAPITALS_H
#define CSWATCH_AUTH_NTLM_CAPITALS_H
#include <stdint.h>

/* Returns the capital of the character, or the character itself if it has none. */
uint32_t ntlm_capital(uint32_t code);

#endif
