/*
 * The start page: everything that a parent tells the library OS of a new process, at guaranteed
 * mapping G_START. The child owns the page. It lists the pages of the library OS image in the order
 * of their virtual addresses, so that the child can fill its page table before its first refill,
 * and carries the capabilities that the child binds and may hand on.
 */
#ifndef LIBOS_START_PAGE_H
#define LIBOS_START_PAGE_H

#include <generated/abi.h>
#include <stdint.h>

#define START_MAGIC 0x54525453 /* 'STRT' */
#define START_IMAGE_PAGES_MAX 64
#define START_TEXT_PAGES_MAX 40
#define START_STRINGS_SIZE 2048
#define START_NO_LINE 0xffffffffu

/* Exit statuses above a program's own 0-255. */
#define STATUS_LIBOS 256 /* the library OS gave up */
#define STATUS_FAULT 512 /* + ExcCode: a fault nobody handled */

struct start_page {
    uint32_t magic;
    uint32_t parent; /* envid */
    uint32_t line; /* or START_NO_LINE */
    uint32_t is_quiet; /* 1: no echo of input */
    uint32_t argument_count;
    uint32_t file_size; /* not 0: the program is raw at the start of disk 1, this many bytes long */
    struct aegis_capability line_capability;
    struct aegis_capability disk_capability[2];
    struct aegis_capability granted; /* the machine owner's; zero when it was given none */
    struct aegis_capability lent; /* a disk extent's; zero when it was lent none */
    char libos[16];
    uint32_t image_pages; /* text, data and bss */
    uint32_t text_pages; /* of those, shared read-only */
    uint32_t image[START_IMAGE_PAGES_MAX]; /* EntryLo of each */
    struct aegis_capability text[START_TEXT_PAGES_MAX];
    char strings[START_STRINGS_SIZE]; /* path, then the arguments, each NUL-terminated */
};

_Static_assert(sizeof(struct start_page) <= 4096, "the start page is one page");

#endif
