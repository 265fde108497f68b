dist_doc_DATA = README NEWS LICENSE doc/ARCHITECTURE doc/HACKING
dist_doc_DATA += doc/DIAGNOSIS doc/PROTOCOL doc/STATE doc/TRACE
dist_man_MANS = doc/cswatch.1 doc/cswatchd.8 doc/cswatch-events.7
dist_man_MANS += doc/cswatch.conf.5
if LAB
dist_man_MANS += doc/cswatch-lab.1
else
EXTRA_DIST += doc/cswatch-lab.1
endif
