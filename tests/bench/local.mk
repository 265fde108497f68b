EXTRA_PROGRAMS = tests/bench/bench tests/bench/store
tests_bench_bench_SOURCES = tests/bench/bench.c tests/bench/floor.c tests/bench/floor.h \
	src/cmd/credential_file.c src/cmd/credential_file.h
tests_bench_bench_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_bench_LDADD = $(CSW_LIBS)
tests_bench_store_SOURCES = tests/bench/store.c
tests_bench_store_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_store_LDADD = $(CSW_LIBS)
EXTRA_DIST += tests/bench/run

bench: tests/bench/bench$(EXEEXT) tests/bench/store$(EXEEXT) cswatch-lab$(EXEEXT) cswatchd$(EXEEXT)
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		$(abs_top_srcdir)/tests/bench/run $(ROUNDS)
.PHONY: bench
