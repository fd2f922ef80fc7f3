/*
 * Counts the primes below N (default 100000) with a sieve on the heap; prints how many and the
 * largest.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    uint32_t limit = 100000;
    if (argc > 2 || (argc > 1 && !parse_count(argv[1], 3, 4000000, &limit))) {
        printf("usage: primes [3-4000000]\n");
        return 2;
    }
    uint8_t *is_composite = calloc(limit, 1);
    if (!is_composite) {
        printf("primes: no memory for %u numbers\n", limit);
        return 1;
    }
    uint32_t count = 0;
    uint32_t largest = 0;
    for (uint32_t n = 2; n < limit; n++) {
        if (is_composite[n])
            continue;
        count++;
        largest = n;
        if (n <= limit / n)
            for (uint32_t multiple = n * n; multiple < limit; multiple += n)
                is_composite[multiple] = 1;
    }
    printf("%u primes below %u, the largest is %u\n", count, limit, largest);
    return 0;
}
