/*
 * Children: spawn, wait, kill. The parent starts a child by itself (starter.h): on its own library
 * OS it shares the text that it runs on, by the capabilities of its start page; on another it loads
 * the image into pages that become the child's. The child uses the same terminal line.
 */
#include "disk.h"
#include "files.h"
#include "line.h"
#include "process.h"
#include <generated/library-calls.h>
#include <starter.h>
#include <stdio.h>
#include <string.h>

#define CHILD_MAX 8
#define WATCH_TICKS 32 /* a child that reads the line has begun by then */

static uint32_t children[CHILD_MAX];
static uint32_t own_slices[2];
static struct ext2_file image_file;

static int page_alloc(uint32_t colour)
{
    return memory_page_alloc(colour);
}

static int is_clear(uint32_t page)
{
    return memory_page_is_clear(page);
}

static int read_image(uint32_t offset, uint32_t physical_page)
{
    return process_read_page(&image_file, offset, physical_page);
}

static uint32_t slice_owner(uint32_t position)
{
    const struct aegis_slices *slices =
        (const struct aegis_slices *)(EXPORT_VIEW + AEGIS_EXPORT_SLICES);
    return slices->owner[position];
}

static struct starter_host host = { page_alloc, is_clear, read_image, slice_owner, 0,
                                    AEGIS_SLICE_QUOTA };

/* Before the first child: which positions are our own. */
static void note_slices(void)
{
    host.envid = UPAGE->envid;
    for (uint32_t position = 0; position < AEGIS_SLICE_COUNT; position++)
        if (slice_owner(position) == host.envid)
            own_slices[position / 32] |= 1u << position % 32;
}

/* Path, then the arguments, as the start page wants them; -1 when they do not fit. */
static int put_strings(struct start_page *start, const char *path, const char *const *argv)
{
    uint32_t used = strlcpy(start->strings, path, START_STRINGS_SIZE) + 1;

    start->argument_count = 0;
    for (; *argv; argv++) {
        if (used >= START_STRINGS_SIZE)
            return -1;
        used += strlcpy(start->strings + used, *argv, START_STRINGS_SIZE - used) + 1;
        start->argument_count++;
    }
    return used > START_STRINGS_SIZE ? -1 : 0;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int spawn(const char *path, const char *const *argv, const char *libos)
{
    static struct start_page start;
    static struct starter_text text;
    static struct exo_image_header header;
    struct ext2_file file;
    char full[128];
    bool is_own = strcmp(libos, START->libos) == 0;

    snprintf(full, sizeof full, "%s%s", strchr(path, '/') ? "" : "/bin/", path);
    if (files_open(full, &file) < 0 || ext2_is_directory(&file))
        return -EXO_ENOENT;
    memset(&start, 0, sizeof start);
    if (put_strings(&start, full, argv) < 0)
        return -EXO_EINVAL;
    snprintf(full, sizeof full, "/lib/%s.img", libos);
    if (ext2_open(&files_root, full, &image_file) < 0)
        return -EXO_EINVAL;
    start.line = START->line;
    start.is_quiet = START->is_quiet;
    start.line_capability = START->line_capability;
    memcpy(start.disk_capability, START->disk_capability, sizeof start.disk_capability);
    strlcpy(start.libos, libos, sizeof start.libos);
    if (!host.envid)
        note_slices();
    if (is_own) {
        memcpy(&header, (const void *)EXO_IMAGE_BASE, sizeof header);
        text.count = START->text_pages;
        for (uint32_t i = 0; i < text.count; i++) {
            text.page[i] = START->image[i] >> 12;
            text.capability[i] = START->text[i];
        }
    } else if (starter_load_text(&host, &text, &header) < 0) {
        return -EXO_ENOMEM;
    }
    int child = starter_run(&host, &text, &header, &start, last_part(path), !is_own);
    return child < 0 ? -EXO_ENOMEM : child;
}

int exo_spawn(const char *path, const char *const *argv, const char *libos)
{
    uint32_t slot = 0;

    while (slot < CHILD_MAX && children[slot])
        slot++;
    if (slot == CHILD_MAX)
        return process_fail(EXO_EAGAIN);
    process_enter();
    int child = spawn(path, argv, libos ? libos : START->libos);
    process_leave();
    if (child < 0)
        return process_fail(-child);
    children[slot] = (uint32_t)child;
    return child;
}

/* Index of a child that has ended and is wanted; -1: none has, -2: there is no such child. */
static int find_dead(int pid)
{
    int result = -2;

    for (int i = 0; i < CHILD_MAX; i++) {
        if (!children[i] || (pid >= 0 && children[i] != (uint32_t)pid))
            continue;
        const volatile struct aegis_env *record = memory_env_record(children[i]);
        if (record->id != children[i] || record->state == AEGIS_ENV_DEAD)
            return i;
        result = -1;
    }
    return result;
}

/*
 * While a child runs that does not read the line: destroys it upon ^C. The tick to look again; 0:
 * upon the next event.
 */
static uint32_t watch(int pid, uint32_t since)
{
    if (pid < 0 || !line_is_watched())
        return 0;
    if (memory_header()->tick_count - since < WATCH_TICKS)
        return since + WATCH_TICKS;
    if (line_watch())
        aegis_env_destroy((uint32_t)pid, 137);
    return 0;
}

int exo_wait(int pid, int *status)
{
    uint32_t since = exo_ticks();

    for (;;) {
        uint32_t seen = process_events();
        int index = find_dead(pid);
        if (index == -2)
            return process_fail(EXO_ECHILD);
        if (index == -1) {
            process_enter();
            process_wait_event(seen, watch(pid, since));
            process_leave();
            continue;
        }
        uint32_t child = children[index];
        const volatile struct aegis_env *record = memory_env_record(child);
        if (status)
            *status = (int)(record->reason == AEGIS_REASON_EXIT ? record->exit_status
                                                                : record->reason << 16);
        aegis_env_reap(child);
        starter_free_slices(&host, own_slices);
        children[index] = 0;
        return (int)child;
    }
}

int exo_kill(int pid)
{
    int result = aegis_env_destroy((uint32_t)pid, 137);

    return result < 0 ? process_fail(-result) : 0;
}
