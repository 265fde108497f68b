bin_PROGRAMS += cswatch
cswatch_SOURCES = \
	src/cmd/run_log.c src/cmd/run_log.h \
	src/cmd/ask.c src/cmd/ask.h \
	src/cmd/config_report.c src/cmd/config_report.h \
	src/cmd/cmd_check.c \
	src/cmd/cmd_explain.c \
	src/cmd/cmd_lists.c \
	src/cmd/cmd_operate.c \
	src/cmd/cmd_show.c \
	src/cmd/cmd_status.c \
	src/cmd/cmd_test.c \
	src/cmd/cmd_trace.c \
	src/cmd/cmdlet.c src/cmd/cmdlet.h \
	src/cmd/command.h \
	src/cmd/credential_file.c src/cmd/credential_file.h \
	src/cmd/cswatch.c \
	src/cmd/htmlfile.c src/cmd/htmlfile.h \
	src/cmd/nagios.c src/cmd/nagios.h \
	src/cmd/options.c src/cmd/options.h \
	src/cmd/showtiming.c src/cmd/showtiming.h \
	src/cmd/state_query.c src/cmd/state_query.h \
	src/cmd/status_text.c src/cmd/status_text.h \
	src/cmd/table.c src/cmd/table.h \
	src/cmd/run_remote.c src/cmd/run_remote.h \
	src/cmd/traceask.c src/cmd/traceask.h \
	src/cmd/tracetext.c src/cmd/tracetext.h
cswatch_CPPFLAGS = $(AM_CPPFLAGS) $(SMARTCOLS_CFLAGS)
cswatch_LDADD = $(CSW_LIBS) $(SMARTCOLS_LIBS)

if LAB
bin_PROGRAMS += cswatch-lab
cswatch_lab_SOURCES = src/cmd/cswatch-lab.c
cswatch_lab_LDADD = $(LAB_LIBS)
endif

sbin_PROGRAMS += cswatchd
cswatchd_SOURCES = src/cmd/config_report.c src/cmd/config_report.h src/cmd/cswatchd.c
cswatchd_LDADD = $(CSW_LIBS)
