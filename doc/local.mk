dist_doc_DATA = README NEWS LICENSE doc/ARCHITECTURE doc/HACKING
dist_doc_DATA += doc/PROTOCOL doc/STATE doc/TRACE
dist_man_MANS = doc/cswatch.1 doc/cswatchd.8 doc/cswatch-events.7
dist_man_MANS += doc/cswatch.conf.5
if LAB
dist_man_MANS += doc/cswatch-lab.1
else
EXTRA_DIST += doc/cswatch-lab.1
endif

# Made from the tables by the program itself, and part of the distribution: only a clone needs a program
# that runs on the machine that builds it.
dist_doc_DATA += doc/DIAGNOSIS
diagnosis_sources = src/report/diagnosis_table.c src/report/diagnose.c src/report/explain.c \
	src/vocab/code.h src/vocab/error_id.c src/vocab/vocab.c
doc/DIAGNOSIS: $(diagnosis_sources) | cswatch$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./cswatch$(EXEEXT) explain --all >$@-t && mv $@-t $@
