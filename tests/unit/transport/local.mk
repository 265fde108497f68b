https_test_world = \
	tests/unit/transport/https_world.c tests/unit/transport/https_world.h \
	tests/fakes/tlsserver.c tests/fakes/tlsserver.h \
	tests/fakes/webserver.c tests/fakes/webserver.h \
	$(tls_test_certs)
unit_tests += tests/unit/transport/test_https
tests_unit_transport_test_https_SOURCES = \
	tests/unit/transport/test_https.c $(https_test_world)
unit_tests += tests/unit/transport/test_https_connect tests/unit/transport/test_https_life
tests_unit_transport_test_https_connect_SOURCES = \
	tests/unit/transport/test_https_connect.c $(https_test_world)
tests_unit_transport_test_https_life_SOURCES = \
	tests/unit/transport/test_https_life.c $(https_test_world)
unit_tests += tests/unit/transport/test_https_auth
tests_unit_transport_test_https_auth_SOURCES = \
	tests/unit/transport/test_https_auth.c $(https_test_world) $(fake_gate) $(fake_slow_method)
unit_tests += tests/unit/transport/test_https_headers
tests_unit_transport_test_https_headers_SOURCES = \
	tests/unit/transport/test_https_headers.c $(https_test_world)
unit_tests += \
	tests/unit/transport/test_https_judge \
	tests/unit/transport/test_https_reply \
	tests/unit/transport/test_https_url
tests_unit_transport_test_https_judge_SOURCES = tests/unit/transport/test_https_judge.c
tests_unit_transport_test_https_reply_SOURCES = tests/unit/transport/test_https_reply.c
tests_unit_transport_test_https_url_SOURCES = tests/unit/transport/test_https_url.c
unit_tests += tests/unit/transport/test_golden
tests_unit_transport_test_golden_SOURCES = tests/unit/transport/test_golden.c \
	tests/unit/golden.h
EXTRA_DIST += \
	tests/golden/http/ntlm-authenticate-time.hex \
	tests/golden/http/ntlm-authenticate.hex \
	tests/golden/http/ntlm-challenge-time.hex \
	tests/golden/http/ntlm-challenge.hex \
	tests/golden/http/ntlm-negotiate.hex
unit_tests += \
	tests/unit/transport/test_https_tls \
	tests/unit/transport/test_siptls \
	tests/unit/transport/test_siptls_life
transport_test_run = tests/unit/transport/siptls_run.c tests/unit/transport/siptls_run.h \
	tests/unit/transport/tls_server.c tests/unit/transport/tls_server.h $(tls_test_certs)
tests_unit_transport_test_siptls_SOURCES = tests/unit/transport/test_siptls.c $(transport_test_run)
tests_unit_transport_test_siptls_life_SOURCES = tests/unit/transport/test_siptls_life.c \
	$(transport_test_run)
tests_unit_transport_test_https_tls_SOURCES = tests/unit/transport/test_https_tls.c \
	tests/unit/transport/tls_server.c tests/unit/transport/tls_server.h $(tls_test_certs)
unit_tests += tests/unit/transport/test_reach
tests_unit_transport_test_reach_SOURCES = tests/unit/transport/test_reach.c \
	tests/unit/loop/nameserver.c tests/unit/loop/nameserver.h
