txn_test_world = tests/unit/txn/txn_world.c tests/unit/txn/txn_world.h $(fake_gate) \
	$(tls_test_certs)
unit_tests += tests/unit/txn/test_txn
tests_unit_txn_test_txn_SOURCES = tests/unit/txn/test_txn.c $(txn_test_world)
unit_tests += tests/unit/txn/test_txn_account
tests_unit_txn_test_txn_account_SOURCES = tests/unit/txn/test_txn_account.c $(txn_test_world)
unit_tests += tests/unit/txn/test_masked
tests_unit_txn_test_masked_SOURCES = tests/unit/txn/test_masked.c $(txn_test_world) $(fake_alloc)
tests_unit_txn_test_masked_LDFLAGS = $(AM_LDFLAGS) $(fake_alloc_ldflags)
unit_tests += tests/unit/txn/test_registrar
tests_unit_txn_test_registrar_SOURCES = tests/unit/txn/test_registrar.c \
	tests/fakes/tlsserver.c tests/fakes/tlsserver.h $(txn_test_world)
txn_test_registrar = tests/unit/txn/registrar.c tests/unit/txn/registrar.h \
	tests/fakes/tlsserver.c tests/fakes/tlsserver.h $(txn_test_world)
unit_tests += tests/unit/txn/test_challenge
tests_unit_txn_test_challenge_SOURCES = tests/unit/txn/test_challenge.c $(txn_test_registrar)
unit_tests += tests/unit/txn/test_web_leg
tests_unit_txn_test_web_leg_SOURCES = tests/unit/txn/test_web_leg.c \
	tests/fakes/tlsserver.c tests/fakes/tlsserver.h \
	tests/fakes/webserver.c tests/fakes/webserver.h $(txn_test_world)
unit_tests += tests/unit/txn/test_slow_method
tests_unit_txn_test_slow_method_SOURCES = tests/unit/txn/test_slow_method.c \
	tests/fakes/tlsserver.c tests/fakes/tlsserver.h \
	tests/fakes/webserver.c tests/fakes/webserver.h $(fake_slow_method) $(txn_test_world)
unit_tests += tests/unit/txn/test_discover
tests_unit_txn_test_discover_SOURCES = tests/unit/txn/test_discover.c \
	tests/unit/loop/nameserver.c tests/unit/loop/nameserver.h \
	tests/fakes/tlsserver.c tests/fakes/tlsserver.h \
	tests/fakes/webserver.c tests/fakes/webserver.h $(txn_test_world)
unit_tests += tests/unit/txn/test_discover_foreign
tests_unit_txn_test_discover_foreign_SOURCES = tests/unit/txn/test_discover_foreign.c \
	tests/fakes/tlsserver.c tests/fakes/tlsserver.h \
	tests/fakes/webserver.c tests/fakes/webserver.h $(txn_test_world)
unit_tests += tests/unit/txn/test_runtime
tests_unit_txn_test_runtime_SOURCES = tests/unit/txn/test_runtime.c $(tls_test_certs)
if LAB
unit_tests += tests/unit/txn/test_whole
tests_unit_txn_test_whole_SOURCES = tests/unit/txn/test_whole.c tests/unit/txn/pool.c \
	tests/unit/txn/pool.h $(txn_test_world)
EXTRA_tests_unit_txn_test_whole_DEPENDENCIES = cswatch-lab
# What goes over the wire is compared with what is kept of it.
unit_tests += tests/unit/txn/test_traced
tests_unit_txn_test_traced_SOURCES = tests/unit/txn/test_traced.c tests/unit/txn/pool.c \
	tests/unit/txn/pool.h $(txn_test_world)
tests_unit_txn_test_traced_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=trace_message
EXTRA_tests_unit_txn_test_traced_DEPENDENCIES = cswatch-lab
endif
