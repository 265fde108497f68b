unit_tests += \
	tests/unit/sip/test_addr \
	tests/unit/sip/test_auth \
	tests/unit/sip/test_diagnostics \
	tests/unit/sip/test_endpoint \
	tests/unit/sip/test_frame \
	tests/unit/sip/test_golden \
	tests/unit/sip/test_msg \
	tests/unit/sip/test_redirect \
	tests/unit/sip/test_sa \
	tests/unit/sip/test_sign
tests_unit_sip_test_addr_SOURCES = tests/unit/sip/test_addr.c tests/unit/sip/support.h
tests_unit_sip_test_auth_SOURCES = tests/unit/sip/test_auth.c tests/unit/sip/support.h
tests_unit_sip_test_diagnostics_SOURCES = tests/unit/sip/test_diagnostics.c \
	tests/unit/sip/support.h
tests_unit_sip_test_endpoint_SOURCES = tests/unit/sip/test_endpoint.c tests/unit/sip/support.h
tests_unit_sip_test_frame_SOURCES = tests/unit/sip/test_frame.c tests/unit/sip/support.h
tests_unit_sip_test_golden_SOURCES = tests/unit/sip/test_golden.c tests/unit/sip/support.h \
	tests/unit/golden.h
tests_unit_sip_test_msg_SOURCES = tests/unit/sip/test_msg.c tests/unit/sip/support.h
tests_unit_sip_test_redirect_SOURCES = tests/unit/sip/test_redirect.c tests/unit/sip/support.h
tests_unit_sip_test_sa_SOURCES = tests/unit/sip/test_sa.c tests/unit/sip/support.h
tests_unit_sip_test_sign_SOURCES = tests/unit/sip/test_sign.c tests/unit/sip/support.h

EXTRA_DIST += \
	tests/golden/sip/challenge-2013.sip \
	tests/golden/sip/challenge-no-tls-dsk.sip \
	tests/golden/sip/challenge-proxy.sip \
	tests/golden/sip/challenge-published.sip \
	tests/golden/sip/flight-alert.sip \
	tests/golden/sip/flight-finished.sip \
	tests/golden/sip/flight-hello.sip \
	tests/golden/sip/ok-log-off.sip \
	tests/golden/sip/ok-signed.sip \
	tests/golden/sip/redirect.sip \
	tests/golden/sip/refused-403.sip \
	tests/golden/sip/refused-404.sip \
	tests/golden/sip/refused-503.sip \
	tests/golden/sip/refused-504.sip \
	tests/golden/sip/register-first.sip \
	tests/golden/sip/register-flight.sip \
	tests/golden/sip/register-hello.sip \
	tests/golden/sip/register-ipv6.sip \
	tests/golden/sip/register-log-off.sip \
	tests/golden/sip/register-signed.sip \
	tests/golden/sip/register-unsigned.sip
