/*
 * POSIX names for the library OS's calls, for programs that are used to them. The calls themselves,
 * with what POSIX does not have (virtual memory, revocation, transfers), are in
 * generated/library-calls.h.
 */
#ifndef LIB_UNISTD_H
#define LIB_UNISTD_H

#include <generated/library-calls.h>
#include <stddef.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

#define open exo_open
#define read exo_read
#define write exo_write
#define close exo_close
#define lseek exo_lseek
#define sbrk exo_sbrk
#define getpid exo_getpid
#define _exit exo_exit

#define O_RDONLY EXO_O_RDONLY

#endif
