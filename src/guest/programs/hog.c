/*
 * hog pages [count]: holds pages and does not answer when Aegis asks or tells, so that they are
 * repossessed; says which, and ends when some have been. hog time: puts a handler of its own in
 * place of saving and yielding at the end of its slices. The first times it lingers there for two
 * ticks before it yields, and forfeits slices for that; then it goes on as if nothing had been
 * said, and Aegis destroys it. All that is about other programs: while nobody else wants the
 * processor, nothing is taken from anybody, and Aegis lets it be.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_SIZE 4096u
#define AREA 0x20000000u
#define PAGES_MAX 32768u
#define LINGER_COUNT 3
#define LINGER_TICKS 2

static volatile uint32_t lost_count;

static void lose(uint32_t address)
{
    (void)address;
    lost_count++;
}

/*
 * In place of the library OS's end of a slice. The interrupted registers are saved already, so a
 * bare yield will do; to return is to go on without giving the processor away.
 */
static void linger(void)
{
    static uint32_t count;

    if (count++ >= LINGER_COUNT)
        return;
    uint32_t start = exo_ticks();
    while (exo_ticks() - start < LINGER_TICKS)
        ;
    __asm__ volatile("li $2, %0\n move $4, $0\n syscall" : : "i"(AEGIS_CALL_YIELD) : "$2", "$4",
                     "memory");
}

/*
 * Its own stack and variables may be among what is lost, so nothing from before is used once it has
 * happened.
 */
static void __attribute__((noreturn)) end(void)
{
    struct exo_page_statistics statistics;

    exo_page_statistics(&statistics);
    printf("hog: %u pages were repossessed, %u of them with data\n", statistics.repossessed,
           lost_count);
    exit(0);
}

static void __attribute__((noreturn)) hog_pages(uint32_t count)
{
    volatile uint32_t *area = exo_page_map((void *)AREA, count, EXO_PROT_READ | EXO_PROT_WRITE);

    if (!area) {
        printf("hog: cannot map %u pages\n", count);
        exit(1);
    }
    exo_on_revoke((uint32_t(*)(uint32_t))EXO_REVOKE_IGNORE);
    exo_on_repossession(lose);
    for (uint32_t i = 0; i < count; i++)
        area[i * PAGE_SIZE / 4] = i + 1;
    printf("hog: %u pages, and I keep them\n", count);
    /* Busy, so that deadlines, which run only while we do, come. */
    while (lost_count == 0)
        ;
    end();
}

static void __attribute__((noreturn)) hog_time(void)
{
    exo_on_slice_end(linger);
    printf("hog: I do not give the processor back\n");
    for (;;)
        ;
}

int main(int argc, char **argv)
{
    uint32_t count = 256;

    if (argc > 1 && strcmp(argv[1], "time") == 0)
        hog_time();
    if (argc > 1 && strcmp(argv[1], "pages") == 0
        && (argc == 2 || parse_count(argv[2], 1, PAGES_MAX, &count)))
        hog_pages(count);
    printf("usage: hog pages [1-%u] | hog time (beside a program that wants the processor)\n", PAGES_MAX);
    return 2;
}
