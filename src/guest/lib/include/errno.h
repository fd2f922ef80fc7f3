/*
 * Error numbers are Aegis's and the library's own (abi.h, E_* and EXO_E*); errno is a function of
 * the library OS.
 */
#ifndef LIB_ERRNO_H
#define LIB_ERRNO_H

#include <generated/library-calls.h>

#define errno (*exo_errno())

const char *strerror(int error);

#endif
