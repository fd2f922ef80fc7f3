/* Control flow: recursion, function pointers, jump tables, loops with many exits, sorting, a small stack machine. */
#include "runtime.h"

typedef unsigned u32;

static u32 seed = 99;

static u32 next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static int data[500];

static void quick_sort(int *from, int *to)
{
    while (to - from > 1) {
        int pivot = from[(to - from) / 2];
        int *low = from;
        int *high = to - 1;
        while (low <= high) {
            while (*low < pivot)
                low++;
            while (*high > pivot)
                high--;
            if (low <= high) {
                int swap = *low;
                *low++ = *high;
                *high-- = swap;
            }
        }
        quick_sort(from, high + 1);
        from = low;
    }
}

static u32 sorted(void)
{
    u32 sum = 0;
    for (int i = 0; i < 500; i++)
        data[i] = (int)next();
    quick_sort(data, data + 500);
    for (int i = 0; i < 500; i++) {
        sum = sum * 37 + (u32)data[i];
        if (i > 0 && data[i - 1] > data[i])
            put_text("not sorted\n");
    }
    return sum;
}

static u32 add(u32 a, u32 b) { return a + b; }
static u32 sub(u32 a, u32 b) { return a - b; }
static u32 mul(u32 a, u32 b) { return a * b; }
static u32 rot(u32 a, u32 b) { return (a << (b & 31)) | (a >> ((32 - b) & 31)); }
static u32 (*const operations[])(u32, u32) = {add, sub, mul, rot};

static u32 machine(void)
{
    u32 stack[16] = {1, 2, 3, 4};
    int top = 4;
    for (int step = 0; step < 5000; step++) {
        u32 word = next();
        switch (word % 11) {
        case 0: case 1: case 2:
            if (top < 16)
                stack[top++] = word;
            break;
        case 3: case 4: case 5: case 6:
            if (top > 1) {
                top--;
                stack[top - 1] = operations[word >> 30](stack[top - 1], stack[top]);
            }
            break;
        case 7:
            if (top > 0)
                stack[top - 1] = ~stack[top - 1];
            break;
        case 8:
            for (int i = 0; i < top; i++) {
                if (stack[i] == 0)
                    break;
                if ((stack[i] & 3) == 2)
                    continue;
                stack[i] += (u32)i;
            }
            break;
        case 9:
            if (top > 2) {
                u32 swap = stack[0];
                stack[0] = stack[top - 1];
                stack[top - 1] = swap;
            }
            break;
        default:
            goto skip;
        }
        stack[0] ^= word;
    skip:;
    }
    u32 sum = (u32)top;
    for (int i = 0; i < top; i++)
        sum = sum * 41 + stack[i];
    return sum;
}

static u32 ackermann(u32 m, u32 n)
{
    if (m == 0)
        return n + 1;
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static u32 crc(const unsigned char *bytes, unsigned count)
{
    u32 value = ~0u;
    while (count--) {
        value ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ (0xedb88320u & -(value & 1));
    }
    return ~value;
}

void run(void)
{
    put_hex("sorted", sorted());
    put_hex("crc", crc((const unsigned char *)data, sizeof data));
    put_hex("machine", machine());
    put_hex("ackermann", ackermann(2, 40));
    put_hex("check", crc((const unsigned char *)"123456789", 9));
}
