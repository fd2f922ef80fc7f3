/*
 * Program files: 32-bit little-endian MIPS ELF executables, MIPS I, statically linked. `elf_check`
 * looks at the first bytes of a file and fills a list of segments; it reads nothing itself, so
 * every loader (init, library OSes) can use it on whatever it reads with. The text says what is
 * wrong, for people.
 */
#ifndef LIB_ELF_H
#define LIB_ELF_H

#include <stdint.h>

#define ELF_HEAD_SIZE 1024 /* enough of the file's start for elf_check */
#define ELF_SEGMENT_MAX 4

struct elf_segment {
    uint32_t address;
    uint32_t offset;
    uint32_t file_size;
    uint32_t memory_size;
    uint32_t is_writable;
};

struct elf_program {
    uint32_t entry;
    uint32_t end; /* first address behind the last segment */
    uint32_t segment_count;
    struct elf_segment segments[ELF_SEGMENT_MAX];
};

/*
 * NULL when the file is fine, otherwise why not. `head` holds the first `head_size` bytes of a file
 * of `file_size`; segments must lie in [low, high).
 */
const char *elf_check(const void *head, uint32_t head_size, uint32_t file_size, uint32_t low,
                      uint32_t high, struct elf_program *program);

#endif
