/*
 * check - whether a text of the configuration is what its key needs: the `check` of rows
 * of keys.def.
 */
#ifndef CSWATCH_CONFIG_CHECK_H
#define CSWATCH_CONFIG_CHECK_H
#include <stdbool.h>

bool check_fqdn(const char *s);	    /* a host name, and no address */
bool check_sip(const char *s);	    /* a SIP address, see sip_address_parse() */
bool check_username(const char *s); /* DOMAIN\user or user@domain */
bool check_https_uri(const char *s);
bool check_address(const char *s);   /* a literal IPv4 or IPv6 address */
bool check_server(const char *s);    /* an address and maybe a port: [::1]:53 */
bool check_endpoint(const char *s);  /* a host name or address, and a port */
bool check_suffix(const char *s);    /* letters and digits, or nothing */
bool check_agent(const char *s);     /* printable ASCII */
bool check_test_name(const char *s); /* letters, digits and . _ - + @ : / */

#endif
