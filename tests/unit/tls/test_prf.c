/* The tests' own PRF, by which they judge the exporter, against published and recorded
 * values. */
#include <string.h>

#include "../cases.h"
#include "prf.h"

#define PEERS_LABEL "client EAP encryption"

static const struct prf_case {
	const char *name;
	enum prf which;
	const char *secret, *label, *random1, *random2, *want;
} prf_cases[] = {
	{ "TLS 1.2, SHA-256", PRF_SHA256, "9bbe436ba940f017b17652849a71db35",
	    "test label", "a0ba9f936cda311827a6f796ffd5198c", "",
	    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d"
	    "35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f"
	    "796789baa48082d122ee42c5a72e5a5110fff70187347b66" },
	{ "TLS 1.0 master secret", PRF_OLD,
	    "bded7fa5c1699c010be23dd06ada3a48349f21e5f86263d512c0c5cc379f0e780ec55d9844b2"
	    "f1db02a96453513568d0",
	    "master secret",
	    "e5acaf549cd25c22d964c0d930fa4b5261d2507fad84c33715b7b9a864020693",
	    "135e4d557fdf3aa6406d82975d5c606a9734c9334b42136e96990fbd5358cdb2",
	    "2f6962dfbc744c4b2138bb6b3d33054c5ecc14f24851d9896395a44ab3964efc2090c5bf51a0"
	    "891209f46c1e1e998f62" },
	{ "exporter of TLS 1.0, extended master secret", PRF_OLD,
	    "cf6425726f1c4c23c8fd0cb39e77e92f8581bc57a3a8bd4663c586febc97bd2c71113f8c6ee3"
	    "8e6aaeacdfa5d9396a37",
	    PEERS_LABEL,
	    "31119b9d01f8dacbfdd26721711d9bb046f7b52348871b570a8dc065d29eacf1",
	    "ce419f899f69ea441e9dfab9eb4da2c2c5735e06b694e67d4be46007a3bc6dbd",
	    "ee8bfde723d4aa4c304b9be533095d1a21df297b44a2aca81868db5e8cca309a72452bf560fb"
	    "15e53dd0e5954372c6616abf1ed2506ef946ab6f4da88b9ebcde744ed2783952fb49ce654d56"
	    "4322270ecd690d1761abf519e1d38e651bfdc120517e6cd8e8ea3ad4a84686be00b70e53c2ee"
	    "5b26a2f5e316510cd6a8a06db648" },
	{ "exporter of TLS 1.2, AES256-SHA", PRF_SHA256,
	    "3598f40c04c17e9fa11a2eaa5e58211c55dd3c46b85b992207787efc7a639201a765ba650d50"
	    "6a5183a774137bd7233e",
	    PEERS_LABEL,
	    "9447c214fcda16028d451f6bbb7c7a269897d96e00bd78c7eb00f77cccb2de0b",
	    "c7e479fbc417ba408e965cf28fa96135740219ea9a28551bc2af3a58d8169e5f",
	    "b98f6505c3d77734cee89c4d19e8d9fec5c2113a64afa3e8f59f688dcd43d3e78929f48a7735"
	    "9dc8b38ddf5ba21ec330c84d8cef074d4ea6f2376e82052af51215356a1533ecb5e5f5498ffe"
	    "443bb3c590ee38c1058d39c503ec88b31ea1f1fe50c9d2d0891f6ae8f85c08e9d40f53300b3b"
	    "8a63e08f2289b2a309ba4b7f6971" },
	{ "keys of the real client", PRF_OLD,
	    "8d5856f5f245105d3aa7f66b1eef1de09569f56dc48be2dfcd88621f899826cf7e492024a1b5"
	    "33d06bae162f26ec950e",
	    PEERS_LABEL,
	    "6b02f6fbb6c1151c59bbb8a2222d0dfd7f568f29e3836d121c5d0e7fb712e761",
	    "a8b99c038437033169c0c07b26c486f6ec19227c7bb3e448444f574e47524400",
	    "2f78b61b66a4f98379a7b5f0c7690eeee35ae86eb8f28e474b418f5f1e60be8ab04b56301da3"
	    "2f6f5380f94beda7fc648e727f25a35384705dea404d762c0e013d18c2b4f7f29d7d6890a9b1"
	    "f5b0cac311da32c0b584566524fb561620d67594e648b8fab9f2fe5c5bf645aec8300f95f41a"
	    "ad2f97980be70001ba1292397bae" },
};

/* The dossier's made-up key block: secret 00..2f, randoms of one octet each. */
static const struct block_case {
	const char *name;
	enum prf which;
	const char *client, *server;
} block_cases[] = {
	{ "TLS 1.0 and 1.1", PRF_OLD,
	    "6c900b943881087ed3a01e3b189ef666007f05006b5c23feaa764cb665b98e42",
	    "a09e85e53612d26747861f62f5c77cbd3cf75f43306275b1ee9b74f8ac0baa38" },
	{ "TLS 1.2, SHA-256", PRF_SHA256,
	    "51c341f2178cd4bad5a8adb979a745139a9ec547c5f6fb5179334118d59cf933",
	    "d658fe2ca5e4d4dc8c30048952d9b0cac6d8cbe389313acc3a8b2ba6163b6dba" },
	{ "TLS 1.2, SHA-384", PRF_SHA384,
	    "0d06ae589817e1192148a08a59e174e2fbc8349b9dc6b12838010418b1922fcb",
	    "5e0f4d9e6efb81bd59655c452850916814c4732dc1453558becf8634d7d26371" },
};

static size_t
unhex(const char *hex, uint8_t *ret)
{
	size_t n = strlen(hex) / 2;

	assert_true(crypto_unhex(str_of(hex), ret, n));
	return n;
}

static void
check_prf(void **state)
{
	const struct prf_case *c = *state;
	uint8_t secret[64], r1[32], r2[32] = { 0 }, want[128], got[128];
	size_t secret_len = unhex(c->secret, secret), n = unhex(c->want, want);
	size_t random_len = unhex(c->random1, r1);

	/* The first vector has one seed of 16 octets: the halves of it are our two
	 * randoms. */
	if (c->random2[0] == '\0') {
		random_len /= 2;
		memcpy(r2, r1 + random_len, random_len);
	} else {
		unhex(c->random2, r2);
	}
	prf(c->which, secret, secret_len, c->label, r1, r2, random_len, got, n);
	assert_memory_equal(got, want, n);
}

static void
check_block(void **state)
{
	const struct block_case *c = *state;
	uint8_t secret[48], r1[32], r2[32], want[32], got[128];

	for (unsigned i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)i;
	memset(r1, 0xc0, sizeof(r1));
	memset(r2, 0x50, sizeof(r2));
	prf(c->which, secret, sizeof(secret), PEERS_LABEL, r1, r2, 32, got, sizeof(got));
	unhex(c->client, want);
	assert_memory_equal(got + 64, want, 32);
	unhex(c->server, want);
	assert_memory_equal(got + 96, want, 32);
}

RUN_CASES(ROWS("PRF", prf_cases, check_prf), ROWS("key block", block_cases, check_block));
