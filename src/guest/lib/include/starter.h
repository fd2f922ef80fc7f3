/*
 * Starting a process on a library OS, as a parent does it: create the environment, share the
 * image's text read-only by capability, copy its data, fill the start page, set the contexts, give
 * time slices. Used by init and by the library OSes themselves; neither Aegis nor the child's
 * program has a part in it.
 */
#ifndef LIB_STARTER_H
#define LIB_STARTER_H

#include <start-page.h>
#include <stdint.h>

/* What the parent lends to the starter. All return a negative number on failure. */
struct starter_host {
    /* A new physical page, of a cache colour when possible. */
    int (*page_alloc)(uint32_t colour);
    /* Not 0: Aegis cleared the page when it gave it to us, because another had it before. */
    int (*is_clear)(uint32_t page);
    /* 4096 bytes of the image file at `offset` (a multiple of 4096) into a physical page of ours
     * that is all zeros: holes and what is behind the end stay so. */
    int (*read_page)(uint32_t offset, uint32_t physical_page);
    /* Exported slice vector: envid that owns a position. */
    uint32_t (*slice_owner)(uint32_t position);
    uint32_t envid;
    /* Positions that Aegis lets us have by allocation. */
    uint32_t slice_quota;
};

/* Text pages of an image that several processes share; owned by whoever loaded them. */
struct starter_text {
    uint32_t count;
    uint32_t page[START_TEXT_PAGES_MAX];
    struct aegis_capability capability[START_TEXT_PAGES_MAX];
};

/* Loads the read-only pages of an image into pages of ours and makes capabilities for them. */
int starter_load_text(const struct starter_host *host, struct starter_text *text,
                      struct exo_image_header *header);

/*
 * Starts a process. `start` is the start page as far as the parent knows it (line, capabilities,
 * strings, arguments, name of the library OS); the image's pages are added here. `name` labels the
 * environment. With `is_private` the text pages become the child's own. Returns the envid.
 */
int starter_run(const struct starter_host *host, const struct starter_text *text,
                const struct exo_image_header *header, struct start_page *start, const char *name,
                int is_private);

/*
 * Positions of dead children come back to the parent. Frees those of `host` that are not among
 * `own` (a bit per position), so that others, or the next child, can have them.
 */
void starter_free_slices(const struct starter_host *host, const uint32_t own[2]);

#endif
