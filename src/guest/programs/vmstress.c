/*
 * vmstress [pages] [rounds]: writes a pattern into many pages, reads all of it back round after
 * round, and gives pages back when Aegis asks: it registers a give-back function, which drops pages
 * from the end of its area. A dropped page comes back as zeros at its next use and is written anew,
 * so the check stays exact: every word is the pattern or the page was given away.
 */
#include <generated/library-calls.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE_SIZE 4096u
#define WORDS_PER_PAGE (PAGE_SIZE / 4)
#define AREA 0x20000000u
#define ROUNDS_MAX 1000000u
#define PAGES_MAX 4096u

static uint32_t page_count;
static volatile uint32_t given_back;
static uint32_t next_victim;
static volatile uint8_t is_dropped[PAGES_MAX];

static uint32_t *page_words(uint32_t page)
{
    return (uint32_t *)(AREA + page * PAGE_SIZE);
}

static uint32_t pattern(uint32_t page, uint32_t word)
{
    return (page << 16) ^ (word * 0x9e3779b1u) ^ 0x80000001u;
}

/* Called by the library OS while Aegis waits for pages. */
static uint32_t give_back(uint32_t wanted)
{
    uint32_t given = 0;

    for (uint32_t looked = 0; given < wanted && looked < page_count; looked++) {
        next_victim = next_victim == 0 ? page_count - 1 : next_victim - 1;
        if (exo_page_unmap(page_words(next_victim), 1) == 1) {
            is_dropped[next_victim] = true;
            given++;
        }
    }
    given_back += given;
    return given;
}

static void write_page(uint32_t page)
{
    uint32_t *words = page_words(page);

    for (uint32_t i = 0; i < WORDS_PER_PAGE; i += 16)
        words[i] = pattern(page, i);
}

/*
 * The page may be taken away between two reads, never inside the pattern of a page that is still
 * ours.
 */
static bool is_page_right(uint32_t page)
{
    uint32_t *words = page_words(page);

    for (uint32_t i = 0; i < WORDS_PER_PAGE; i += 16)
        if (((volatile uint32_t *)words)[i] != pattern(page, i))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    uint32_t rounds = 40;
    uint32_t wrong = 0;
    uint32_t rewritten = 0;

    page_count = 256;
    if (argc > 3 || (argc > 1 && !parse_count(argv[1], 1, PAGES_MAX, &page_count))
        || (argc > 2 && !parse_count(argv[2], 1, ROUNDS_MAX, &rounds))) {
        printf("usage: vmstress [1-%u pages [1-%u rounds]]\n", PAGES_MAX, ROUNDS_MAX);
        return 2;
    }
    if (!exo_page_map((void *)AREA, page_count, EXO_PROT_READ | EXO_PROT_WRITE)) {
        printf("vmstress: cannot map %u pages\n", page_count);
        return 1;
    }
    exo_on_revoke(give_back);
    for (uint32_t page = 0; page < page_count; page++)
        write_page(page);
    printf("vmstress: %u pages written\n", page_count);
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t page = 0; page < page_count; page++) {
            if (!is_page_right(page)) {
                if (!is_dropped[page])
                    wrong++;
                is_dropped[page] = false;
                write_page(page);
                rewritten++;
            }
        }
    }
    printf("vmstress: %u rounds over %u pages, %u given back, %u rewritten, %s\n", rounds,
           page_count,
           given_back, rewritten, wrong == 0 ? "verified" : "WRONG");
    return wrong == 0 ? 0 : 1;
}
