libcswatch_a_SOURCES += \
	src/keys/keyjob.c src/keys/keyjob.h \
	src/keys/keyring.c src/keys/keyring.h
