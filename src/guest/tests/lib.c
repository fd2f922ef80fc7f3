/*
 * Tests of the small C library, on the machine: 64-bit arithmetic, memory, formatting, numbers, the
 * heap. Prints TAP.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tap.h>

/* Keeps gcc from working it out at compile time. */
static volatile int64_t wide_a = -1234567890123456789LL;
static volatile int64_t wide_b = 987654321LL;
static volatile uint64_t wide_c = 0xfedcba9876543210ULL;
static volatile int count_33 = 33;
static volatile int count_7 = 7;

static void test_wide(void)
{
    tap_ok(wide_a / wide_b == -1249999988LL, "signed 64-bit division");
    tap_ok(wide_a % wide_b == -725308641LL, "signed 64-bit remainder");
    tap_ok(wide_c / 10 == 1836475854449306472ULL && wide_c % 10 == 0,
           "unsigned 64-bit division by a small number");
    tap_ok(wide_c / (1ULL << 40) == 0xfedcbaULL, "unsigned 64-bit division by a large number");
    tap_ok(wide_c << count_33 == 0xeca8642000000000ULL
           && wide_c << count_7 == 0x6e5d4c3b2a190800ULL, "shift left");
    tap_ok(wide_c >> count_33 == 0x7f6e5d4cULL && wide_c >> count_7 == 0x01fdb97530eca864ULL,
           "shift right, logical");
    tap_ok((int64_t)wide_c >> count_33 == (int64_t)0xffffffffff6e5d4cULL
               && (int64_t)wide_c >> count_7 == (int64_t)0xfffdb97530eca864ULL,
           "shift right, arithmetic");
}

static void test_memory(void)
{
    static uint8_t from[64];
    static uint8_t to[80];
    bool is_right = true;

    for (uint32_t i = 0; i < sizeof from; i++)
        from[i] = (uint8_t)(i * 7 + 1);
    for (uint32_t source = 0; source < 5; source++) {
        for (uint32_t target = 0; target < 5; target++) {
            for (uint32_t count = 0; count < 40; count++) {
                memset(to, 0xee, sizeof to);
                memcpy(to + target, from + source, count);
                if (memcmp(to + target, from + source, count) != 0 || to[target + count] != 0xee
                    || (target && to[target - 1] != 0xee))
                    is_right = false;
            }
        }
    }
    tap_ok(is_right, "memcpy and memset at every alignment, nothing besides");
    memcpy(to, "abcdefgh", 9);
    memmove(to + 2, to, 7);
    tap_ok(memcmp(to, "ababcdefg", 9) == 0, "memmove upwards over itself");
    memmove(to, to + 2, 7);
    tap_ok(memcmp(to, "abcdefg", 7) == 0, "memmove downwards over itself");
}

static void test_format(void)
{
    char text[80];

    snprintf(text, sizeof text, "%d %5d|%-5d|%05d|%+d", -12, 34, 56, 78, 9);
    tap_ok(strcmp(text, "-12    34|56   |00078|+9") == 0, "decimal with widths");
    snprintf(text, sizeof text, "%x %08X %#o %llu %lld", 0xbeefu, 0xcafeu, 8u,
             18446744073709551615ULL, -5LL);
    tap_ok(strcmp(text, "beef 0000CAFE 10 18446744073709551615 -5") == 0,
           "other bases and 64 bits");
    snprintf(text, sizeof text, "%s|%6s|%-6s|%.2s|%c|%%|%*d", "a", "bc", "de", "fgh", 'i', 4, 7);
    tap_ok(strcmp(text, "a|    bc|de    |fg|i|%|   7") == 0, "strings, characters, a star");
    tap_ok(snprintf(text, 4, "%d", 123456) == 6 && strcmp(text, "123") == 0,
           "cut off at the size, whole length told");
}

/* A C library's answers. */
static void test_reals(void)
{
    static const struct {
        const char *format;
        double value;
        const char *text;
    } cases[] = {
        { "%f", 0.1, "0.100000" },
        { "%.20f", 0.1, "0.10000000000000000555" },
        { "%.17g", 0.1, "0.10000000000000001" },
        { "%g", 100000, "100000" },
        { "%g", 1000000, "1e+06" },
        { "%g", 0.0001, "0.0001" },
        { "%g", 1.5e-05, "1.5e-05" },
        { "%.0f", 0.5, "0" },
        { "%.0f", 1.5, "2" },
        { "%.0f", 2.5, "2" },
        { "%.2f", 2.675, "2.67" },
        { "%.3e", 9.9996, "1.000e+01" },
        { "%e", 0, "0.000000e+00" },
        { "%g", -0.0, "-0" },
        { "%.0e", 25, "2e+01" },
        { "%10.2f|", -3.14159, "     -3.14|" },
        { "%-10.2f|", 3.14159, "3.14      |" },
        { "%+010.2f", 3.14159, "+000003.14" },
        { "%.17g", 1.7976931348623157e+308, "1.7976931348623157e+308" },
        { "%.17g", 2.2250738585072014e-308, "2.2250738585072014e-308" },
        { "%.3g", 4.9406564584124654e-324, "4.94e-324" },
        { "%G", 1e-10, "1E-10" },
        { "%.15g", 123456789.123456789, "123456789.123457" },
        { "%f", 1e+22, "10000000000000000000000.000000" },
    };
    char text[80];
    bool is_right = true;

    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, cases[i].format, cases[i].value);
        if (strcmp(text, cases[i].text) != 0) {
            printf("# %s: %s, not %s\n", cases[i].format, text, cases[i].text);
            is_right = false;
        }
    }
    tap_ok(is_right, "doubles, rounded to even at the digit asked for");
}

static volatile double real = -1234567890123.75;
static volatile float small = 1e10f;

static void test_conversions(void)
{
    tap_ok((int64_t)real == -1234567890123LL
               && (uint64_t)-real == 1234567890123ULL && (int64_t)small == 10000000000LL,
           "floating point to 64 bits, towards zero");
    tap_ok((double)wide_a == -1234567890123456768.0 && (double)wide_c == 18364758544493064192.0,
           "64 bits to a double, rounded once");
    wide_c = (1ULL << 60) + (1ULL << 36) + 1; /* just above half way between two floats */
    tap_ok((float)wide_c == 1152921642045800448.0f && (float)-(int64_t)wide_c == -1152921642045800448.0f,
           "64 bits to a float, rounded once");
}

static void test_text(void)
{
    char *end;

    tap_ok(strtol("-0x1fz", &end, 0) == -31 && *end == 'z' && strtoul("077", NULL, 0) == 63,
           "numbers out of text");
    tap_ok(strcmp(strrchr("/a/b", '/'), "/b") == 0 && strstr("haystack", "st") != NULL
           && !strchr("abc", 'd'),
           "searching in strings");
}

static void test_heap(void)
{
    static uint8_t *blocks[64];
    bool is_right = true;
    uint32_t seed = 1;

    for (int round = 0; round < 500; round++) {
        seed = seed * 1103515245u + 12345u;
        uint32_t i = seed >> 16 & 63;
        if (blocks[i]) {
            uint32_t size = blocks[i][0] | (uint32_t)blocks[i][1] << 8;
            for (uint32_t at = 2; at < size; at++)
                is_right &= blocks[i][at] == (uint8_t)(i + at);
            free(blocks[i]);
            blocks[i] = NULL;
        } else {
            uint32_t size = 2 + (seed >> 8 & 1023);
            blocks[i] = malloc(size);
            for (uint32_t at = 2; at < size; at++)
                blocks[i][at] = (uint8_t)(i + at);
            blocks[i][0] = (uint8_t)size;
            blocks[i][1] = (uint8_t)(size >> 8);
        }
    }
    tap_ok(is_right, "500 random allocations and releases keep their contents");
    tap_ok(malloc(0x7fffffff) == NULL, "an allocation that cannot be is refused");
}

int main(void)
{
    tap_plan(22);
    test_wide();
    test_memory();
    test_format();
    test_reals();
    test_conversions();
    test_text();
    test_heap();
    return tap_end();
}
