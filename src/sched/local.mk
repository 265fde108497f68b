# sched: filled in by its files
