libcswatch_a_SOURCES += src/alert/alert.c src/alert/alert.h \
	src/alert/isolation.c src/alert/isolation.h src/alert/remind.h \
	src/alert/rollup.c src/alert/rollup.h
