libcswatch_a_SOURCES += \
	src/auth/ntlm.c src/auth/ntlm.h
