/* Files of the root disk behind descriptors; 0, 1 and 2 are the terminal line. */
#ifndef LIBOS_FILES_H
#define LIBOS_FILES_H

#include <ext2.h>

/* Mounts the root disk; negative on errors. */
int files_start(void);

/* Looks a path up from the working directory. */
int files_open(const char *path, struct ext2_file *file);

/* The mounted root disk. */
extern struct ext2 files_root;

#endif
