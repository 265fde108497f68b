unit_tests += \
	tests/unit/control/test_audit tests/unit/control/test_no_memory \
	tests/unit/control/test_places tests/unit/control/test_request \
	tests/unit/control/test_roles tests/unit/control/test_server \
	tests/unit/control/test_socket
tests_unit_control_test_audit_SOURCES = tests/unit/control/test_audit.c
tests_unit_control_test_request_SOURCES = tests/unit/control/test_request.c
tests_unit_control_test_roles_SOURCES = tests/unit/control/test_roles.c
control_test_world = tests/unit/control/control_world.c tests/unit/control/control_world.h
tests_unit_control_test_places_SOURCES = tests/unit/control/test_places.c $(control_test_world)
tests_unit_control_test_server_SOURCES = tests/unit/control/test_server.c $(control_test_world)
tests_unit_control_test_socket_SOURCES = tests/unit/control/test_socket.c $(control_test_world)
tests_unit_control_test_no_memory_SOURCES = tests/unit/control/test_no_memory.c \
	$(control_test_world) $(fake_alloc)
tests_unit_control_test_no_memory_LDFLAGS = $(AM_LDFLAGS) $(fake_alloc_ldflags)
