libcswatch_a_SOURCES += \
	src/auth/ntlm.c src/auth/ntlm.h \
	src/auth/ntlm_capitals.c src/auth/ntlm_capitals.h
