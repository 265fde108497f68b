unit_tests += \
	tests/unit/auth/test_ntlm
tests_unit_auth_test_ntlm_SOURCES = tests/unit/auth/test_ntlm.c
unit_tests += \
	tests/unit/auth/test_ntlm_capitals
tests_unit_auth_test_ntlm_capitals_SOURCES = tests/unit/auth/test_ntlm_capitals.c
unit_tests += tests/unit/auth/test_method
tests_unit_auth_test_method_SOURCES = tests/unit/auth/test_method.c
