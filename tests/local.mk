# Every test speaks TAP, so that each case counts by its own name.
LDADD = libtests.a $(CSW_LIBS) $(CMOCKA_LIBS)

# What tests of several folders need, and that knows none of src/ but base.
check_LIBRARIES = libtests.a
libtests_a_SOURCES = tests/support/scratch.c tests/support/scratch.h tests/fakes/must.h

AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	top_srcdir='$(abs_top_srcdir)'; top_builddir='$(abs_top_builddir)'; export top_srcdir top_builddir;
AM_TESTS_ENVIRONMENT += ASAN_OPTIONS="detect_stack_use_after_return=1:$$ASAN_OPTIONS"; \
	UBSAN_OPTIONS="print_stacktrace=1:$$UBSAN_OPTIONS"; export ASAN_OPTIONS UBSAN_OPTIONS;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .scn
SCN_LOG_DRIVER = $(LOG_DRIVER)
SCN_LOG_COMPILER = $(top_srcdir)/tests/scenario/run

TESTS += tests/check-docs tests/check-layers tests/check-style
EXTRA_DIST += tests/check-docs tests/check-layers tests/check-style src/layers.txt tests/check-lint \
	tests/check-valgrind tests/golden/README tests/checks.sh tests/other-release.sh tests/demo.sh tests/lab.sh tests/tap.sh \
	tests/wait.sh

fake_gate = tests/fakes/gate.c tests/fakes/gate.h tests/fakes/must.h
EXTRA_DIST += tests/fakes/accounts.h tests/fakes/must.h tests/fakes/tracing.h
fake_slow_method = tests/fakes/slow_method.c tests/fakes/slow_method.h
# Allocations of the program's own code that fail when a test says so.
fake_alloc = tests/fakes/alloc.c tests/fakes/alloc.h tests/fakes/must.h
fake_alloc_ldflags = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray \
	-Wl,--wrap=strdup,--wrap=strndup

# unit_tests are the cmocka programs; they are built only where cmocka is.
unit_tests =
if CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

include tests/unit/base/local.mk
include tests/unit/vocab/local.mk
include tests/unit/crypto/local.mk
include tests/unit/loop/local.mk
include tests/unit/tls/local.mk
include tests/unit/sip/local.mk
include tests/unit/soap/local.mk
include tests/unit/trace/local.mk
include tests/unit/auth/local.mk
include tests/unit/transport/local.mk
include tests/unit/keys/local.mk
include tests/unit/config/local.mk
include tests/unit/cmd/local.mk
include tests/unit/txn/local.mk
include tests/unit/sched/local.mk
include tests/unit/alert/local.mk
include tests/unit/state/local.mk
include tests/unit/store/local.mk
include tests/unit/report/local.mk
include tests/unit/control/local.mk
include tests/unit/serve/local.mk
include tests/unit/watch/local.mk
include tests/unit/daemon/local.mk
include tests/unit/lab/local.mk
# A reader of the time zone database beside zdump.
check_PROGRAMS += tests/zones
tests_zones_SOURCES = tests/zones.c
TESTS += tests/check-zones
EXTRA_DIST += tests/check-zones
# Real programs, used as people use them.
TESTS += tests/check-configuration tests/check-explain
EXTRA_DIST += tests/check-configuration tests/check-explain
# Those that need a lab.
if LAB
TESTS += tests/check-alerts tests/check-control tests/check-crash tests/check-exports
endif
EXTRA_DIST += tests/check-alerts tests/check-control tests/check-crash tests/check-exports

include tests/fuzz/local.mk
include tests/scenario/local.mk
include tests/peers/local.mk
include tests/bench/local.mk
