/*
 * paint [tiles [frames]]: takes a band of the screen, the first that is free, and draws into it by
 * plain stores: bars that move, and in large letters the library OS that it runs on. Several of
 * them share the screen, and none can draw over another, or change its colours: each takes entries of
 * the colour map for its bars, cool ones on exos. Without `frames` it goes on for ever.
 */
#include <generated/abi-calls.h>
#include <generated/library-calls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES_MAX 1000000u
#define USUAL_TILES 54u
#define WIDTH AEGIS_TILE_WIDTH
#define WORDS (WIDTH / 4)
#define BAR_WORDS 8u
#define SHADES 8u
#define DOT 6u /* pixels, of a letter */
#define LETTER_DOTS 6u

struct letter {
    char name;
    uint8_t rows[7]; /* five dots, the leftmost in bit 4 */
};

static const struct letter letters[] = {
    { 'e', { 0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f } },
    { 'i', { 0x0e, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0e } },
    { 'o', { 0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e } },
    { 'p', { 0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10 } },
    { 's', { 0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e } },
    { 't', { 0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04 } },
    { 'x', { 0x11, 0x11, 0x0a, 0x04, 0x0a, 0x11, 0x11 } },
    { '-', { 0x00, 0x00, 0x00, 0x1f, 0x00, 0x00, 0x00 } },
};

/* First of `count` free tiles in a row; AEGIS_ANY when there are none. */
static uint32_t find_band(uint32_t count)
{
    const volatile struct aegis_header *header =
        exo_page_map_physical(AEGIS_EXPORT_HEADER / AEGIS_PAGE_SIZE, EXO_PROT_READ);
    const volatile struct aegis_tile *tiles =
        exo_page_map_physical(AEGIS_EXPORT_TILES / AEGIS_PAGE_SIZE, EXO_PROT_READ);
    uint32_t run = 0;

    if (!header || !tiles)
        return AEGIS_ANY;
    for (uint32_t tile = 0; tile < header->tile_count; tile++) {
        run = tiles[tile].owner == AEGIS_OWNER_FREE ? run + 1 : 0;
        if (run == count)
            return tile + 1 - count;
    }
    return AEGIS_ANY;
}

/* Pixel values of the bars: usual colours, until it has its own. */
static uint8_t shades[SHADES] = { 0xff, 0xfc, 0x1f, 0x1c, 0xe3, 0xe0, 0x03, 0x49 };

/* Entry 0 stays as it is: the letters are black as long as nobody else takes it. */
static void take_colours(void)
{
    bool is_cool = strcmp(exo_libos_name(), "exos") == 0;
    uint8_t own[SHADES];
    uint32_t count = 0;

    for (uint32_t entry = 1; entry < AEGIS_COLOUR_COUNT && count < SHADES; entry++)
        if (aegis_colour_alloc(entry, NULL) >= 0)
            own[count++] = (uint8_t)entry;
    if (count < SHADES) {
        while (count > 0)
            aegis_colour_free(own[--count]);
        return;
    }
    for (uint32_t i = 0; i < SHADES; i++) {
        uint32_t level = 31 + 32 * i;
        aegis_colour_set(own[i], (is_cool ? level : level << 16) | level / 2 << 8);
        shades[i] = own[i];
    }
}

/* A line of bars, `shift` words further left. */
static void make_line(uint32_t line[WORDS], uint32_t shift)
{
    for (uint32_t i = 0; i < WORDS; i++)
        line[i] = shades[(i + shift) / BAR_WORDS % SHADES] * 0x01010101u;
}

/* One row of dots of a text, black, into one line. */
static void draw_dots(volatile uint8_t *line, const char *text, uint32_t row)
{
    for (; *text; text++, line += LETTER_DOTS * DOT)
        for (uint32_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
            for (uint32_t x = 0; letters[i].name == *text && x < 5 * DOT; x++)
                if (letters[i].rows[row] >> (4 - x / DOT) & 1)
                    line[x] = 0;
}

/* The text stands one dot below the upper edge, four from the left. */
static void draw(volatile uint32_t *band, uint32_t lines, uint32_t shift)
{
    uint32_t line[WORDS];

    make_line(line, shift);
    for (uint32_t y = 0; y < lines; y++, band += WORDS) {
        for (uint32_t x = 0; x < WORDS; x++)
            band[x] = line[x];
        if (y / DOT >= 1 && y / DOT <= 7)
            draw_dots((volatile uint8_t *)band + 4 * DOT, exo_libos_name(), y / DOT - 1);
    }
}

int main(int argc, char **argv)
{
    uint32_t count = USUAL_TILES;
    uint32_t frames = 0;
    uint32_t first;
    volatile uint32_t *band;

    if (argc > 3 || (argc > 1 && !parse_count(argv[1], 1, AEGIS_TILE_COUNT, &count))
        || (argc > 2 && !parse_count(argv[2], 0, FRAMES_MAX, &frames))) {
        printf("usage: paint [tiles, 1 to %u [frames]]\n", AEGIS_TILE_COUNT);
        return 2;
    }
    first = find_band(count);
    if (first == AEGIS_ANY) {
        printf("paint: no %u tiles of the screen in a row are free\n", count);
        return 1;
    }
    band = exo_tile_map(first, count);
    if (!band) {
        printf("paint: cannot take tiles %u to %u\n", first, first + count - 1);
        return 1;
    }
    printf("tiles %u to %u, lines %u to %u of the screen\n", first, first + count - 1,
           first * AEGIS_TILE_LINES, (first + count) * AEGIS_TILE_LINES - 1);
    take_colours();
    for (uint32_t frame = 0; frames == 0 || frame < frames; frame++) {
        draw(band, count * AEGIS_TILE_LINES, frame);
        exo_sleep(1);
    }
    return 0;
}
