/* Numbers out of text. Overflow wraps: callers parse short command-line arguments. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

unsigned long strtoul(const char *text, char **end, int base)
{
    unsigned long value = 0;
    int is_negative = 0;

    while (isspace(*text))
        text++;
    if (*text == '-' || *text == '+')
        is_negative = *text++ == '-';
    if ((base == 0 || base == 16) && text[0] == '0' && (text[1] | 0x20) == 'x') {
        text += 2;
        base = 16;
    }
    if (base == 0)
        base = *text == '0' ? 8 : 10;
    for (;; text++) {
        int digit = isdigit(*text) ? *text - '0' : isalpha(*text) ? (*text | 0x20) - 'a' + 10 : 99;
        if (digit >= base)
            break;
        value = value * (unsigned long)base + (unsigned long)digit;
    }
    if (end)
        *end = (char *)(uintptr_t)text;
    return is_negative ? 0 - value : value;
}

long strtol(const char *text, char **end, int base)
{
    return (long)strtoul(text, end, base);
}

int atoi(const char *text)
{
    return (int)strtoul(text, NULL, 10);
}

int parse_count(const char *text, uint32_t low, uint32_t high, uint32_t *count)
{
    char *end;

    if (!isdigit(*text) || strlen(text) > 9)
        return 0;
    *count = strtoul(text, &end, 10);
    return *end == 0 && *count >= low && *count <= high;
}

int abs(int value)
{
    return value < 0 ? -value : value;
}
