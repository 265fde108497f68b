unit_tests += tests/unit/crypto/test_base64 tests/unit/crypto/test_crypto
tests_unit_crypto_test_base64_SOURCES = tests/unit/crypto/test_base64.c
tests_unit_crypto_test_crypto_SOURCES = tests/unit/crypto/test_crypto.c
