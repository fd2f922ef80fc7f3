/*
 * What csmith's programs include, for a machine without a C library: the checksum they end with, printed by runtime.c. The
 * arithmetic that is defined for all operands is csmith's own safe_math.h, found in its package.
 */
#include <float.h>
#include <stdint.h>
#include "../programs/runtime.h"

#define fabsf __builtin_fabsf
#define fabs __builtin_fabs
#define CHAR_BIT __CHAR_BIT__
#define INT_MAX __INT_MAX__
#define INT_MIN (-__INT_MAX__ - 1)
#define UINT_MAX (__INT_MAX__ * 2u + 1)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-__LONG_MAX__ - 1)
#define STATIC static
#define UNDEFINED(value) (value)
#define LOG_INDEX
#define LOG_EXEC
#define FUNC_NAME(x) (safe_##x)
#define assert(condition)
#include <safe_math.h>
#undef FUNC_NAME
#define _CSMITH_BITFIELD(x) ((x > 32) ? (x % 32) : x)

int main(void);

/* For indices that a flag asks for; nobody sets it. */
static int printf(const char *format, ...)
{
    (void)format;
    return 0;
}

static uint32_t crc32_context = 0xffffffff;

static void crc32_gentab(void) {}
static void platform_main_begin(void) {}

static void crc32_byte(uint8_t byte)
{
    crc32_context ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc32_context = crc32_context & 1 ? (crc32_context >> 1) ^ 0xedb88320 : crc32_context >> 1;
}

static void transparent_crc(uint32_t value, char *name, int is_shown)
{
    for (int shift = 0; shift < 32; shift += 8)
        crc32_byte(value >> shift);
    if (is_shown)
        put_hex(name, crc32_context);
}

static void transparent_crc_bytes(char *bytes, int count, char *name, int is_shown)
{
    for (int index = 0; index < count; index++)
        crc32_byte(bytes[index]);
    if (is_shown)
        put_hex(name, crc32_context);
}

static void platform_main_end(uint32_t crc, int is_shown)
{
    (void)is_shown;
    put_hex("checksum", crc);
}

void run(void)
{
    main();
}
