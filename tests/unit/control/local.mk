unit_tests += \
	tests/unit/control/test_request tests/unit/control/test_roles \
	tests/unit/control/test_server
tests_unit_control_test_request_SOURCES = tests/unit/control/test_request.c
tests_unit_control_test_roles_SOURCES = tests/unit/control/test_roles.c
tests_unit_control_test_server_SOURCES = tests/unit/control/test_server.c
