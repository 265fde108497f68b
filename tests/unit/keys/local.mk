keyring_world = tests/unit/keys/keyring_world.c tests/unit/keys/keyring_world.h $(fake_gate) \
	$(tls_test_certs)
unit_tests += tests/unit/keys/test_keyring tests/unit/keys/test_keyring_ahead
tests_unit_keys_test_keyring_SOURCES = tests/unit/keys/test_keyring.c $(keyring_world)
tests_unit_keys_test_keyring_ahead_SOURCES = tests/unit/keys/test_keyring_ahead.c $(keyring_world)
