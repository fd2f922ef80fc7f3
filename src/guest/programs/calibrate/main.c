/*
 * Runs each loop twice: the second time its code is in the cache and its pages are mapped, and the host takes the faster.
 */
#include <stdio.h>
#include "loops.h"

static uint32_t to[MEMORY_BYTES / 4], from[MEMORY_BYTES / 4];

int main(void)
{
    for (int round = 0; round < 2; round++) {
        loop_call();
        loop_delay();
        loop_copy(to, from);
        loop_read(from);
        loop_write(to);
    }
    printf("calibrate: done\n");
    return 0;
}
