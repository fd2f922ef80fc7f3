/*
 * 64-bit arithmetic that gcc calls by name on a 32-bit MIPS I: division, remainder, shifts.
 * Debian's libgcc is built for mips32r2 and position-independent code and must never be linked.
 * Division is plain restoring division, one bit a step; when both operands fit 32 bits the divide
 * unit does it.
 */
#include <stdint.h>

union wide {
    uint64_t value;
    struct {
        uint32_t low;
        uint32_t high;
    } half;
};

uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder);
uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);
int64_t __ashldi3(int64_t value, int count);
int64_t __ashrdi3(int64_t value, int count);
int64_t __lshrdi3(int64_t value, int count);

uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder)
{
    union wide n = { .value = dividend };
    union wide d = { .value = divisor };

    if (n.half.high == 0 && d.half.high == 0 && d.half.low != 0) {
        *remainder = n.half.low % d.half.low;
        return n.half.low / d.half.low;
    }
    uint32_t quotient_high = n.half.high;
    uint32_t quotient_low = n.half.low;
    uint64_t rest = 0;
    for (int i = 0; i < 64; i++) {
        rest = (rest << 1) | (quotient_high >> 31);
        quotient_high = (quotient_high << 1) | (quotient_low >> 31);
        quotient_low <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient_low |= 1;
        }
    }
    *remainder = rest;
    union wide q = { .half = { .low = quotient_low, .high = quotient_high } };
    return q.value;
}

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor)
{
    uint64_t rest;

    return __udivmoddi4(dividend, divisor, &rest);
}

uint64_t __umoddi3(uint64_t dividend, uint64_t divisor)
{
    uint64_t rest;

    __udivmoddi4(dividend, divisor, &rest);
    return rest;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

int64_t __divdi3(int64_t dividend, int64_t divisor)
{
    uint64_t quotient = __udivdi3(magnitude(dividend), magnitude(divisor));

    return (dividend < 0) != (divisor < 0) ? (int64_t)(0 - quotient) : (int64_t)quotient;
}

int64_t __moddi3(int64_t dividend, int64_t divisor)
{
    uint64_t rest = __umoddi3(magnitude(dividend), magnitude(divisor));

    return dividend < 0 ? (int64_t)(0 - rest) : (int64_t)rest;
}

int64_t __ashldi3(int64_t value, int count)
{
    union wide v = { .value = (uint64_t)value };

    if (count >= 32) {
        v.half.high = v.half.low << (count - 32);
        v.half.low = 0;
    } else if (count > 0) {
        v.half.high = (v.half.high << count) | (v.half.low >> (32 - count));
        v.half.low <<= count;
    }
    return (int64_t)v.value;
}

int64_t __lshrdi3(int64_t value, int count)
{
    union wide v = { .value = (uint64_t)value };

    if (count >= 32) {
        v.half.low = v.half.high >> (count - 32);
        v.half.high = 0;
    } else if (count > 0) {
        v.half.low = (v.half.low >> count) | (v.half.high << (32 - count));
        v.half.high >>= count;
    }
    return (int64_t)v.value;
}

int64_t __ashrdi3(int64_t value, int count)
{
    union wide v = { .value = (uint64_t)value };
    int32_t high = (int32_t)v.half.high;

    if (count >= 32) {
        v.half.low = (uint32_t)(high >> (count - 32));
        v.half.high = (uint32_t)(high >> 31);
    } else if (count > 0) {
        v.half.low = (v.half.low >> count) | (v.half.high << (32 - count));
        v.half.high = (uint32_t)(high >> count);
    }
    return (int64_t)v.value;
}
