/* Init's parts: the exported pages it maps, its line, its disks. */
#ifndef INIT_H
#define INIT_H

#include <ext2.h>
#include <generated/abi-calls.h>
#include <layout.h>
#include <starter.h>
#include <stdbool.h>
#include <stddef.h>

#define BOOT ((const struct aegis_boot_info *)G_ADDRESS(AEGIS_GUARANTEED_BOOT))

/* Exported pages in guaranteed mappings. */
#define MAP_HEADER 2
#define MAP_SLICES 3
#define MAP_ENVIRONMENTS 4 /* eight pages */
#define MAP_RECORDS 12 /* one page of page records at a time */
#define MAP_IMAGES 13 /* text of library OSes, to keep it from repossession */
#define MAP_IMAGES_END G_WINDOW

/* All of init's own memory is one run of physical pages. */
static inline uint32_t init_physical(const volatile void *address)
{
    return (BOOT->linear_page << 12) + ((uint32_t)address - AEGIS_INIT_BASE);
}

static inline const volatile struct aegis_env *init_environment(uint32_t envid)
{
    uint32_t slot = envid & (AEGIS_ENV_COUNT - 1);

    return (const volatile struct aegis_env *)G_ADDRESS(MAP_ENVIRONMENTS) + slot;
}

/* exported.c */
void exported_map(void);
uint32_t exported_events(void);
void exported_wait(uint32_t seen);
uint32_t exported_slice_owner(uint32_t position);
uint32_t exported_disk_sectors(uint32_t disk);
int exported_page_alloc(uint32_t colour);
int exported_is_clear(uint32_t page);

/* console.c: the protocol's line */
void console_start(void);
/* Gathers input; true when `line` holds a whole one without its newline. */
bool console_poll(char *line, uint32_t size);
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* disks.c */
extern struct ext2 disks_root;
bool disks_has(uint32_t disk);
int disks_start(void);
int disks_read(uint32_t disk, uint32_t sector, uint32_t count, uint32_t physical);
const uint8_t *disks_block(void *context, uint32_t block);
int disks_read_page(struct ext2_file *file, uint32_t offset, uint32_t physical_page);
/* First bytes of disk 1, for looking at a program there. */
const uint8_t *disks_head(void);

/* images.c: library OS images */
struct image {
    char name[16];
    struct ext2_file file;
    struct exo_image_header header;
    struct starter_text text;
};
/* The image of a name, loaded if need be, which images_read_page reads from then on. Or NULL and why. */
struct image *images_use(const char *name, int *error);
int images_read_page(uint32_t offset, uint32_t physical_page);
/* Frees the text of images that are not used, until Aegis wants no more pages. */
void images_give(bool (*is_used)(const char *name), const volatile uint32_t *wanted);

/* programs.c: starting programs; NULL or what is wrong */
enum gift { GIFT_NONE, GIFT_MACHINE, GIFT_EXTENT };
const char *start_program(uint32_t line, bool is_quiet, enum gift gift, const char *libos,
                          const char *program, char *const arguments[], uint32_t count,
                          uint32_t *envid);
void start_free_slices(void);

#endif
