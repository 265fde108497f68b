libcswatch_a_SOURCES += src/crypto/crypto.c src/crypto/base64.c src/crypto/md4.c src/crypto/crypto.h
