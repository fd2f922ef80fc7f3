/* Integer arithmetic of every width and sign: division, 64-bit products and shifts, unaligned and packed data. */
#include "runtime.h"

typedef unsigned u32;
typedef unsigned long long u64;
typedef long long s64;

static u32 seed = 12345;

static u32 next(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed ^ (seed >> 15);
}

struct __attribute__((packed)) packed {
    char tag;
    u32 word;
    short half;
    u64 wide;
};

struct fields {
    int a : 5;
    unsigned b : 11;
    int c : 16;
    unsigned char d;
    signed char e;
};

static u32 divisions(void)
{
    u32 sum = 0;
    for (int i = 0; i < 2000; i++) {
        int a = (int)next();
        int b = (int)(next() >> (i & 31)) | 1;
        sum = sum * 31 + (u32)(a / b) + (u32)(a % b) * 3;
        sum = sum * 31 + (u32)a / (u32)b + (u32)a % (u32)b;
        sum += (u32)(a / 7) + (u32)(a % 1000) + (u32)a / 10u;
    }
    return sum;
}

static u32 wide(void)
{
    u64 sum = 1;
    s64 difference = 0;
    for (int i = 0; i < 2000; i++) {
        u64 product = (u64)next() * next();
        s64 signed_product = (s64)(int)next() * (int)next();
        sum = sum * 6364136223846793005ull + product;
        difference -= signed_product >> (i & 63);
        sum ^= (sum << (i & 63)) | (product >> ((i * 7) & 63));
        if ((s64)sum < difference)
            sum = ~sum;
    }
    return (u32)sum ^ (u32)(sum >> 32) ^ (u32)difference ^ (u32)(difference >> 32);
}

static u32 unaligned(void)
{
    static struct packed items[20];
    u32 sum = 0;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 20; i++) {
            items[i].word += next();
            items[i].half = (short)(items[i].half * 3 + (short)next());
            items[i].wide ^= (u64)next() << 17;
            items[i].tag++;
        }
        for (int i = 0; i < 20; i++)
            sum = sum * 33 + items[i].word + (u32)items[i].half + (u32)(items[i].wide >> 20) + (u32)items[i].tag;
    }
    return sum;
}

static u32 narrow(void)
{
    struct fields f = {0, 0, 0, 0, 0};
    u32 sum = 0;
    for (int i = 0; i < 1000; i++) {
        u32 value = next();
        f.a += (int)value;
        f.b ^= value >> 3;
        f.c -= (short)value;
        f.d = (unsigned char)(f.d * 5 + value);
        f.e = (signed char)(f.e + (signed char)value);
        sum = sum * 17 + (u32)f.a + f.b + (u32)f.c + f.d + (u32)f.e;
        sum += (u32)((int)value >> (i & 31)) ^ (value << (sum & 31)) ^ (value >> (i % 29));
    }
    return sum;
}

void run(void)
{
    put_hex("divisions", divisions());
    put_hex("wide", wide());
    put_hex("unaligned", unaligned());
    put_hex("narrow", narrow());
}
