/*
 * Runs each loop twice: the second time its code is in the cache and its pages are mapped, and the host takes the last.
 */
#include <stdio.h>
#include "loops.h"

static uint32_t to[MEMORY_BYTES / 4], from[MEMORY_BYTES / 4];

int main(void)
{
    for (int round = 0; round < 2; round++) {
        loop_call(2);
        loop_delay(4);
        loop_copy(6, to, from);
        loop_read(8, from);
        loop_write(10, to);
    }
    printf("calibrate: done\n");
    return 0;
}
