/*
 * process - what a long-lived process asks of the kernel for itself. Best effort: there
 * are no errors.
 */
#ifndef CSWATCH_BASE_PROCESS_H
#define CSWATCH_BASE_PROCESS_H

/* Raises the limit of descriptors to the hard limit. */
void process_raise_descriptor_limit(void);
/*
 * Gives back the memory that only starting up needed: libcurl and libxml2 bring two dozen
 * libraries whose start-up code never runs again. The kernel reads dropped pages again
 * from its page cache when they are needed. That halves what is resident at rest.
 */
void process_release_start_pages(void);

#endif
