bin_PROGRAMS += cswatch
cswatch_SOURCES = \
	src/cmd/account.c src/cmd/account.h \
	src/cmd/cmd_status.c \
	src/cmd/cmd_test.c \
	src/cmd/command.h \
	src/cmd/credential_file.c src/cmd/credential_file.h \
	src/cmd/cswatch.c
cswatch_LDADD = $(CSW_LIBS)

if LAB
bin_PROGRAMS += cswatch-lab
cswatch_lab_SOURCES = src/cmd/cswatch-lab.c
cswatch_lab_LDADD = $(LAB_LIBS)
endif

sbin_PROGRAMS += cswatchd
cswatchd_SOURCES = src/cmd/cswatchd.c
cswatchd_LDADD = $(CSW_LIBS)
