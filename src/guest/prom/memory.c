/*
 * RAM: how much there is (found by reading until the bus times out), a test that leaves its content alone, and the
 * bitmap of good pages that kernels ask for. All accesses are uncached.
 */
#include "prom.h"

#define STEP 0x00400000u
#define PAGE_SIZE 4096u
#define PAGES_PER_BYTE 8u
#define POLL_INTERVAL 64

static uint32_t size;

uint32_t memory_size(void)
{
    return size;
}

void memory_probe(void)
{
    uint32_t address, value;
    for (address = 0; address < BOARD_MEMORY_LIMIT; address += STEP)
        if (!prom_probe_word(KSEG1 + address + STEP - 4, &value))
            break;
    size = address;
    board_memory_sized(size);
    board_clear_errors();
}

/*
 * Every `stride`-th word holds its own value's complement, then its own value again: both states of each bit, and
 * the content survives. Address lines are tested first by one word at each power of two.
 */
uint32_t memory_test(uint32_t stride, uint32_t *wrote, uint32_t *read)
{
    uint32_t address, line, saved[28], count = 0;
    uint32_t until_poll = POLL_INTERVAL;

    for (line = PAGE_SIZE; line < size; line <<= 1)
        saved[count++] = REGISTER(KSEG1 + line);
    for (line = PAGE_SIZE; line < size; line <<= 1)
        REGISTER(KSEG1 + line) = line ^ 0xa5a5a5a5;
    for (line = PAGE_SIZE; line < size; line <<= 1) {
        *wrote = line ^ 0xa5a5a5a5;
        *read = REGISTER(KSEG1 + line);
        if (*read != *wrote)
            return KSEG1 + line;
    }
    for (line = PAGE_SIZE, count = 0; line < size; line <<= 1)
        REGISTER(KSEG1 + line) = saved[count++];

    for (address = KSEG1; address < KSEG1 + size; address += stride) {
        volatile uint32_t *word = (volatile uint32_t *)address;
        uint32_t value = *word;
        uint32_t other;
        *word = ~value;
        other = *word;
        *word = value;
        if (other != ~value) {
            *wrote = ~value;
            *read = other;
            return address;
        }
        other = *word;
        if (other != value) {
            *wrote = value;
            *read = other;
            return address;
        }
        if (--until_poll == 0) {
            until_poll = POLL_INTERVAL;
            console_poll();
        }
    }
    return 0;
}

/* {page size, bytes...}: a bit per page, so a byte per 32 KB; returns how many bytes of bitmap there are. */
int memory_bitmap(uint32_t *map)
{
    uint32_t bytes = size / (PAGE_SIZE * PAGES_PER_BYTE);
    map[0] = PAGE_SIZE;
    memset(map + 1, 0xff, bytes);
    return (int)bytes;
}
