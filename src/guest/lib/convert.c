/*
 * Between 64-bit integers and floating point, which gcc calls by name: an R3010 converts words only.
 * Each rounds once. What does not fit has no meaning in C, and here none either.
 */
#include <stdint.h>

#define TWO_32 4294967296.0

double __floatundidf(uint64_t value);
double __floatdidf(int64_t value);
float __floatundisf(uint64_t value);
float __floatdisf(int64_t value);
uint64_t __fixunsdfdi(double value);
int64_t __fixdfdi(double value);
uint64_t __fixunssfdi(float value);
int64_t __fixsfdi(float value);

double __floatundidf(uint64_t value)
{
    return (double)(uint32_t)(value >> 32) * TWO_32 + (double)(uint32_t)value;
}

double __floatdidf(int64_t value)
{
    return (double)(int32_t)(value >> 32) * TWO_32 + (double)(uint32_t)value;
}

/* Exactly a double before it becomes a float: bits that neither holds leave one that says so. */
float __floatundisf(uint64_t value)
{
    if (value >> 53)
        value = (value & ~(uint64_t)0x7ff) | (value & 0x7ff ? 0x800 : 0);
    return (float)__floatundidf(value);
}

float __floatdisf(int64_t value)
{
    return value < 0 ? -__floatundisf(0 - (uint64_t)value) : __floatundisf((uint64_t)value);
}

uint64_t __fixunsdfdi(double value)
{
    uint32_t high = (uint32_t)(value / TWO_32);

    return (uint64_t)high << 32 | (uint32_t)(value - (double)high * TWO_32);
}

int64_t __fixdfdi(double value)
{
    return value < 0 ? (int64_t)(0 - __fixunsdfdi(-value)) : (int64_t)__fixunsdfdi(value);
}

uint64_t __fixunssfdi(float value)
{
    return __fixunsdfdi(value);
}

int64_t __fixsfdi(float value)
{
    return __fixdfdi(value);
}
