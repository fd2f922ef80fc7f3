/*
 * memcpy, memmove, memset, memcmp, memchr. Word at a time when both sides are aligned alike,
 * unrolled four words deep: with a write-through cache and a write buffer of six words that is as
 * fast as plain code gets.
 */
#include <stdint.h>
#include <string.h>

#define WORD_MASK 3u

void *memcpy(void *to, const void *from, size_t count)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    if ((((uintptr_t)target ^ (uintptr_t)source) & WORD_MASK) == 0) {
        while (count > 0 && ((uintptr_t)target & WORD_MASK)) {
            *target++ = *source++;
            count--;
        }
        uint32_t *words = (uint32_t *)(void *)target;
        const uint32_t *source_words = (const uint32_t *)(const void *)source;
        for (; count >= 16; count -= 16) {
            uint32_t a = source_words[0];
            uint32_t b = source_words[1];
            uint32_t c = source_words[2];
            uint32_t d = source_words[3];
            words[0] = a;
            words[1] = b;
            words[2] = c;
            words[3] = d;
            words += 4;
            source_words += 4;
        }
        for (; count >= 4; count -= 4)
            *words++ = *source_words++;
        target = (uint8_t *)words;
        source = (const uint8_t *)source_words;
    }
    for (; count > 0; count--) {
        *target++ = *source++;
        __asm__ volatile(""); /* keeps gcc from turning the loop into a call of memcpy */
    }
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    if (target <= source || target >= source + count)
        return memcpy(to, from, count);
    while (count > 0) {
        count--;
        target[count] = source[count];
        __asm__ volatile("");
    }
    return to;
}

void *memset(void *to, int byte, size_t count)
{
    uint8_t *target = to;
    uint32_t word = (uint8_t)byte * 0x01010101u;

    while (count > 0 && ((uintptr_t)target & WORD_MASK)) {
        *target++ = (uint8_t)byte;
        count--;
    }
    uint32_t *words = (uint32_t *)(void *)target;
    for (; count >= 16; count -= 16) {
        words[0] = word;
        words[1] = word;
        words[2] = word;
        words[3] = word;
        words += 4;
    }
    for (; count >= 4; count -= 4) {
        *words++ = word;
        __asm__ volatile("");
    }
    target = (uint8_t *)words;
    for (; count > 0; count--) {
        *target++ = (uint8_t)byte;
        __asm__ volatile("");
    }
    return to;
}

int memcmp(const void *left, const void *right, size_t count)
{
    const uint8_t *a = left;
    const uint8_t *b = right;

    for (; count > 0; count--, a++, b++)
        if (*a != *b)
            return *a - *b;
    return 0;
}

void *memchr(const void *from, int byte, size_t count)
{
    const uint8_t *a = from;

    for (; count > 0; count--, a++)
        if (*a == (uint8_t)byte)
            return (void *)(uintptr_t)a;
    return NULL;
}
