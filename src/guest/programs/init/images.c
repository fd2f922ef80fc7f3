/*
 * Library OS images: each is loaded once, and its text kept for all processes on it. That text is in
 * guaranteed mappings of init's from its first page on, so that nobody can take it from those who
 * run on it; what nobody runs on can be had back.
 */
#include "init.h"
#include <stdio.h>
#include <string.h>

#define IMAGE_MAX 8
#define READ_ONLY AEGIS_ENTRYLO_VALID
#define PINS (MAP_IMAGES_END - MAP_IMAGES)

static struct image images[IMAGE_MAX];
static uint32_t image_count;
static struct image *reading;
static uint32_t pinned[PINS]; /* page in guaranteed mapping MAP_IMAGES + n; 0: none */

static int pin(uint32_t n, uint32_t page)
{
    pinned[n] = page;
    return aegis_env_set(0, AEGIS_FIELD_GUARANTEED + MAP_IMAGES + n,
                         page ? page << 12 | READ_ONLY : 0, 0);
}

static int text_page_alloc(uint32_t colour)
{
    uint32_t n = 0;

    while (n < PINS && pinned[n])
        n++;
    if (n == PINS)
        return -E_QUOTA;
    int page = exported_page_alloc(colour);
    int result = page < 0 ? page : pin(n, (uint32_t)page);
    return result < 0 ? result : page;
}

static void free_text(uint32_t page)
{
    for (uint32_t n = 0; n < PINS; n++)
        if (pinned[n] == page)
            pin(n, 0);
    aegis_page_free(page);
}

int images_read_page(uint32_t offset, uint32_t physical_page)
{
    return disks_read_page(&reading->file, offset, physical_page);
}

static int load(struct image *image)
{
    const struct starter_host host = { text_page_alloc, exported_is_clear, images_read_page,
                                       exported_slice_owner, BOOT->envid, AEGIS_SLICE_COUNT };

    reading = image;
    memset(&image->text, 0, sizeof image->text);
    int result = starter_load_text(&host, &image->text, &image->header);
    for (uint32_t i = 0; result < 0 && i < START_TEXT_PAGES_MAX; i++)
        if (image->text.page[i])
            free_text(image->text.page[i]);
    return result;
}

struct image *images_use(const char *name, int *error)
{
    char path[64];

    *error = -E_RANGE;
    for (uint32_t i = 0; i < image_count; i++) {
        if (strcmp(images[i].name, name) == 0) {
            reading = &images[i];
            return reading;
        }
    }
    if (strlen(name) >= sizeof images[0].name || strchr(name, '/'))
        return NULL;
    struct image *image = &images[image_count];
    snprintf(path, sizeof path, "/lib/%s.img", name);
    if (image_count == IMAGE_MAX || ext2_open(&disks_root, path, &image->file) < 0)
        return NULL;
    *error = load(image);
    if (*error < 0)
        return NULL;
    strlcpy(image->name, name, sizeof image->name);
    image_count++;
    return image;
}

void images_give(bool (*is_used)(const char *name), const volatile uint32_t *wanted)
{
    for (uint32_t i = 0; i < image_count && *wanted > 0;) {
        if (is_used(images[i].name)) {
            i++;
            continue;
        }
        for (uint32_t page = 0; page < images[i].text.count; page++)
            free_text(images[i].text.page[page]);
        images[i] = images[--image_count];
    }
}
