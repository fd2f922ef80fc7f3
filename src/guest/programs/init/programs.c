/*
 * Starting programs: checks the program file, hands over capabilities for the line and, to read, the disks.
 */
#include "init.h"
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_SIZE 200

static char message[MESSAGE_SIZE];

static struct starter_host host = { exported_page_alloc, exported_is_clear, images_read_page,
                                   exported_slice_owner, 0, AEGIS_SLICE_COUNT };

/* Full path and size of the program, or what is wrong with it. */
static const char *find_program(const char *program, char *path, uint32_t path_size,
                                uint32_t *raw_size)
{
    struct ext2_file file;
    struct elf_program elf;
    const uint8_t *start;
    uint32_t size;

    *raw_size = 0;
    if (strncmp(program, "disk1:", 6) == 0) {
        char *end;
        size = strtoul(program + 6, &end, 10);
        strlcpy(path, *end == ':' ? end + 1 : program, path_size);
        *raw_size = size;
        start = size && disks_has(1) ? disks_head() : NULL;
    } else {
        snprintf(path, path_size, "%s%s", strchr(program, '/') ? "" : "/bin/", program);
        if (ext2_open(&disks_root, path, &file) < 0 || ext2_is_directory(&file)) {
            snprintf(message, sizeof message, "no such program '%s'", program);
            return message;
        }
        size = file.size;
        int64_t block = ext2_block(&disks_root, &file, 0);
        start = block > 0 ? disks_block(NULL, (uint32_t)block) : NULL;
    }
    if (!start) {
        snprintf(message, sizeof message, "no such program '%s'", program);
        return message;
    }
    const char *why = elf_check(start, size < ELF_HEAD_SIZE ? size : ELF_HEAD_SIZE, size,
                                PROGRAM_LOW,
                                PROGRAM_HIGH, &elf);
    if (!why)
        return NULL;
    snprintf(message, sizeof message, "'%s' is not a MIPS program: %s", program, why);
    return message;
}

static void lend(struct aegis_capability *to, const uint32_t *from, uint32_t rights)
{
    if (from[0])
        aegis_derive((const struct aegis_capability *)from, rights, to);
}

/* A call's error, as what it means here. */
static const char *reason(int error)
{
    switch (error) {
    case -E_NONE:
    case -E_QUOTA:
        return "no page, environment or time slice is free";
    case -E_CAPABILITY:
        return "pages of its library OS were taken from init";
    case -E_DEVICE:
        return "its library OS cannot be read from the disk";
    default:
        return "Aegis refused a call of init's";
    }
}

static uint32_t file_system_end(void)
{
    return disks_root.block_count * (EXT2_BLOCK_SIZE / 512);
}

/* What everybody may read of the root disk: its file system, and nothing behind it. */
static void lend_root(struct aegis_capability *to)
{
    static struct aegis_capability root;

    if (root.name == 0)
        aegis_extent_create(0, 0, file_system_end(), &root);
    if (root.name != 0)
        aegis_derive(&root, AEGIS_RIGHT_READ, to);
}

/*
 * The sectors behind the root disk's file system, for one program at a time: when the last has ended
 * the extent is recalled, and with it whatever the program made of it.
 */
static const char *lend_extent(struct aegis_capability *to, uint32_t borrower)
{
    static int32_t extent = -1;
    const volatile struct aegis_env *record = init_environment(borrower);
    uint32_t start = file_system_end();
    uint32_t end = exported_disk_sectors(0);

    if (borrower != 0 && record->id == borrower && record->state != AEGIS_ENV_DEAD)
        return "the end of the disk is lent already";
    if (extent < 0)
        extent = end > start ? aegis_extent_create(0, start, end - start, to) : -E_NONE;
    else
        aegis_recap(AEGIS_KIND_EXTENT, (uint32_t)extent, to);
    return extent < 0 ? "there is no room on the disk behind its file system" : NULL;
}

const char *start_program(uint32_t line, bool is_quiet, enum gift gift, const char *libos,
                          const char *program, char *const arguments[], uint32_t count,
                          uint32_t *envid)
{
    static struct start_page start;
    static uint32_t borrower;
    char path[128];

    host.envid = BOOT->envid;
    memset(&start, 0, sizeof start);
    const char *why = find_program(program, path, sizeof path, &start.file_size);
    if (why)
        return why;
    int error;
    const struct image *image = images_use(libos, &error);
    if (!image) {
        if (error == -E_RANGE)
            snprintf(message, sizeof message, "no library OS named '%s'", libos);
        else
            snprintf(message, sizeof message, "cannot load '%s': %s", libos, reason(error));
        return message;
    }
    uint32_t used = strlcpy(start.strings, path, START_STRINGS_SIZE) + 1;
    used += strlcpy(start.strings + used, start.file_size ? path : program,
                    START_STRINGS_SIZE - used)
            + 1;
    for (uint32_t i = 0; i < count; i++)
        used += strlcpy(start.strings + used, arguments[i], START_STRINGS_SIZE - used) + 1;
    start.argument_count = count + 1;
    start.line = line;
    start.is_quiet = is_quiet;
    strlcpy(start.libos, libos, sizeof start.libos);
    lend(&start.line_capability, &BOOT->line_capability[4 * line],
         AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    lend_root(&start.disk_capability[0]);
    lend(&start.disk_capability[1], &BOOT->disk_capability[4 * 1], AEGIS_RIGHT_READ);
    if (gift == GIFT_MACHINE)
        lend(&start.granted, BOOT->machine_capability, AEGIS_RIGHT_CONTROL);
    if (gift == GIFT_EXTENT)
        why = lend_extent(&start.lent, borrower);
    if (why)
        return why;
    const char *name = strrchr(path, '/');
    int child = starter_run(&host, &image->text, &image->header, &start, name ? name + 1 : path, 0);
    if (child < 0) {
        snprintf(message, sizeof message, "cannot start '%s': %s", program, reason(child));
        return message;
    }
    *envid = (uint32_t)child;
    if (gift == GIFT_EXTENT)
        borrower = *envid;
    return NULL;
}

void start_free_slices(void)
{
    static const uint32_t own[2] = { 0x01010101u, 0x01010101u }; /* every eighth, from boot */

    host.envid = BOOT->envid;
    starter_free_slices(&host, own);
}
