/*
 * Memory and string routines of the call vector (and the two that the compiler calls by itself).
 * They keep to the C library's results; no table, no word tricks: the firmware moves little.
 */
#include "prom.h"

void *memcpy(void *to, const void *from, size_t size)
{
    uint8_t *t = to;
    const uint8_t *f = from;
    if ((((uint32_t)t | (uint32_t)f) & 3) == 0)
        for (; size >= 4; size -= 4, t += 4, f += 4)
            *(uint32_t *)t = *(const uint32_t *)f;
    while (size-- > 0)
        *t++ = *f++;
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *t = to;
    while (size-- > 0)
        *t++ = (uint8_t)value;
    return to;
}

char *prom_strcpy(char *to, const char *from)
{
    char *t = to;
    while ((*t++ = *from++) != 0)
        ;
    return to;
}

char *prom_strncpy(char *to, const char *from, size_t size)
{
    char *t = to;
    for (; size > 0 && *from != 0; size--)
        *t++ = *from++;
    for (; size > 0; size--)
        *t++ = 0;
    return to;
}

char *prom_strcat(char *to, const char *from)
{
    prom_strcpy(to + prom_strlen(to), from);
    return to;
}

char *prom_strncat(char *to, const char *from, size_t size)
{
    char *t = to + prom_strlen(to);
    for (; size > 0 && *from != 0; size--)
        *t++ = *from++;
    *t = 0;
    return to;
}

int prom_strcmp(const char *a, const char *b)
{
    while (*a != 0 && *a == *b)
        a++, b++;
    return (uint8_t)*a - (uint8_t)*b;
}

int prom_strncmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; size--, a++, b++)
        if (*a != *b || *a == 0)
            return (uint8_t)*a - (uint8_t)*b;
    return 0;
}

size_t prom_strlen(const char *text)
{
    const char *end = text;
    while (*end != 0)
        end++;
    return (size_t)(end - text);
}

static int digit_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return 99;
}

long prom_strtol(const char *text, char **end, int base)
{
    const char *p = text;
    const char *digits;
    uint32_t value = 0;
    int is_negative = 0;
    while (*p == ' ' || *p == '\t')
        p++;
    if (*p == '-' || *p == '+')
        is_negative = *p++ == '-';
    if ((base == 0 || base == 16) && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && digit_value(p[2]) < 16) {
        p += 2;
        base = 16;
    } else if (base == 0) {
        base = *p == '0' ? 8 : 10;
    }
    for (digits = p; digit_value(*p) < base; p++)
        value = value * (uint32_t)base + (uint32_t)digit_value(*p);
    if (end != NULL)
        *end = (char *)(p == digits ? text : p);
    return is_negative ? -(long)value : (long)value;
}
