/* host - what this machine is called. */
#ifndef CSWATCH_BASE_HOST_H
#define CSWATCH_BASE_HOST_H

#define HOST_NAME_SIZE 256 /* bytes of a name, NUL included */

/* Copies the name of gethostname(2); "" if there is none. */
void host_name(char ret[HOST_NAME_SIZE]);

#endif
