libcswatch_a_SOURCES += \
	src/auth/account.c src/auth/account.h \
	src/auth/method.c src/auth/method.h \
	src/auth/ntlm.c src/auth/ntlm.h \
	src/auth/ntlm_capitals.c src/auth/ntlm_capitals.h
