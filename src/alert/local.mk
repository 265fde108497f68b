libcswatch_a_SOURCES += src/alert/alert.c src/alert/alert.h
