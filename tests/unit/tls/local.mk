unit_tests += \
	tests/unit/tls/test_credential \
	tests/unit/tls/test_identity \
	tests/unit/tls/test_inner \
	tests/unit/tls/test_inner_refusal \
	tests/unit/tls/test_prf \
	tests/unit/tls/test_outer \
	tests/unit/tls/test_outer_settings
tls_test_certs = tests/unit/tls/certs.c tests/unit/tls/certs.h
tests_unit_tls_test_credential_SOURCES = tests/unit/tls/test_credential.c $(tls_test_certs)
tests_unit_tls_test_identity_SOURCES = tests/unit/tls/test_identity.c tests/unit/golden.h \
	$(tls_test_certs)
EXTRA_DIST += tests/golden/tls/pkcs10.hex
tests_unit_tls_test_outer_SOURCES = tests/unit/tls/test_outer.c $(tls_test_certs)
tests_unit_tls_test_outer_settings_SOURCES = tests/unit/tls/test_outer_settings.c \
	$(tls_test_certs)
tls_test_peers = tests/unit/tls/inner_peers.c tests/unit/tls/inner_peers.h $(tls_test_certs)
tls_test_prf = tests/unit/tls/prf.c tests/unit/tls/prf.h
tests_unit_tls_test_inner_SOURCES = tests/unit/tls/test_inner.c tests/unit/tls/flights.h \
	$(tls_test_peers) $(tls_test_prf)
tests_unit_tls_test_inner_refusal_SOURCES = tests/unit/tls/test_inner_refusal.c $(tls_test_peers)
tests_unit_tls_test_prf_SOURCES = tests/unit/tls/test_prf.c $(tls_test_prf)
