unit_tests += \
	tests/unit/auth/test_ntlm
tests_unit_auth_test_ntlm_SOURCES = tests/unit/auth/test_ntlm.c
