/*
 * vector - the certificate request of tests/golden/soap and the proof ticket that signs
 * it: spec 06 sections 3 and 4.
 */
#ifndef CSWATCH_TESTS_SOAP_VECTOR_H
#define CSWATCH_TESTS_SOAP_VECTOR_H
#include "soaptest.h"

#include "crypto/crypto.h"
#include "soap/certprov.h"
#include "soap/webticket.h"

#define CREATED	  "2024-01-01T00:00:00Z"
#define EXPIRES	  "2024-01-01T08:00:00Z"
#define PROOF_KEY "2f738c0d36c86c17dc1c0c4578d6a194847b817095b34c840403604f0947ac4c"

static uint8_t csr[100]; /* octets 00..63: not a PKCS#10, but nobody looks */

static inline struct certprov_request
a_request(void)
{
	for (unsigned i = 0; i < sizeof(csr); i++)
		csr[i] = (uint8_t)i;
	return (struct certprov_request){
		.to = "https://web.lab.example/CertProv/CertProvisioningService.svc/"
		      "WebTicket_Proof",
		.message_id = "0b6a4c56-6b31-4b76-8d0c-0d2f6a3f9d11",
		.request_id = "6e2f1d94-7a1d-4bb0-8f0e-5b1f54a2c2aa",
		.device_id = "4815e36e-4028-5c2f-99c6-7e95082e4fc8",
		.entity = "alice@lab.example",
		.pkcs10 = { (const char *)csr, sizeof(csr) },
	};
}

/* With the proof key of the vectors. */
static inline struct webticket
a_ticket(void)
{
	struct webticket t = { .assertion_id = "SamlSecurityToken-5f1c",
		.created = CREATED,
		.expires = EXPIRES,
		.proof = true };

	t.assertion = golden("assertion.xml");
	t.assertion_len = strlen(t.assertion);
	assert_true(crypto_unhex(STR_LIT(PROOF_KEY), t.key, sizeof(t.key)));
	return t;
}

#endif
