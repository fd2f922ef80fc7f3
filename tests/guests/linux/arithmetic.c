/*
 * Floating point as a user program sees it: every operation of the R3010 in all rounding modes, on operands that it
 * completes by itself, or with the argument `awkward` on zeros, denormals, infinities, NaNs and the ends of the
 * range too. Prints one line per operation and mode: a checksum over results, the condition and the sticky flags.
 * Boot it with rdinit=/arithmetic. Linux 6.1 loses its way on an interrupt from an R3010 (handle_fpe_int takes the
 * IRQ stack for the registers), so awkward goes with nofpu, where the kernel emulates all of it.
 */
typedef unsigned int u32;
typedef unsigned long long u64;

#define COUNT 64

static u32 state;
static char line[128];
static int length;
static int is_awkward;

static u32 random32(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void text(const char *from)
{
    while (*from)
        line[length++] = *from++;
}

static void hex(u32 value)
{
    int shift;
    for (shift = 28; shift >= 0; shift -= 4)
        line[length++] = "0123456789abcdef"[value >> shift & 15];
}

static void end_line(void)
{
    line[length++] = '\n';
    write(1, line, length);
    length = 0;
}

/* One in four may be awkward: zero, denormal, infinity, quiet or signalling NaN, near the ends of the range. */
static u64 operand(int is_double)
{
    static const u32 exponents[8] = {0, 0, 1, 0x7ff, 0x7fe, 0x7ff, 0x3ff, 0x41d};
    u32 high = random32(), low = random32(), kind = random32();
    if (is_awkward && (kind & 3) == 0) {
        u32 pick = kind >> 2 & 7;
        u32 exponent = exponents[pick];
        if ((kind & 0x20) == 0)
            low = 0;
        if ((kind & 0x40) == 0)
            high &= 0x80080000;
        if (!is_double) {
            if (exponent > 1)
                exponent = exponent >= 0x7fe ? exponent & 0xff : exponent - 0x380;
            return (high & 0x807fffff) | exponent << 23 | (low & (exponent == 0 ? 1 : 0));
        }
        high = (high & 0x800fffff) | exponent << 20;
    } else if ((kind & 0x80) != 0) {
        /* Small integers and their neighbourhood: ties, exact results, conversions in range. */
        if (!is_double)
            return (high & 0x80780000) % 0x08000000 + 0x3f000000 + (high & 0x80000000);
        high = (high & 0x800fff00) | (0x3ff00000 + (kind >> 8 & 15) * 0x00100000);
        low &= 0xc0000000;
    } else if (is_double) {
        high = (high & 0x800fffff) | (0x3ff - 20 + (kind >> 8) % 40) << 20;
    } else {
        high = (high & 0x807fffff) | (0x7f - 20 + (kind >> 8) % 40) << 23;
    }
    return is_double ? (u64)high << 32 | low : high;
}

union wide {
    double number;
    u64 bits;
};
union narrow {
    float number;
    u32 bits;
};

static u32 begin(u32 mode)
{
    __asm__ volatile("ctc1 %0, $31\n\tnop" : : "r"(mode));
    return 0;
}

static u32 control(void)
{
    u32 value;
    __asm__ volatile("nop\n\tcfc1 %0, $31\n\tnop" : "=r"(value));
    return value;
}

static u32 checksum;

static void mix(u32 value)
{
    checksum = (checksum << 5 | checksum >> 27) * 0x9e3779b1u + value;
}

/* Condition and sticky flags; causes are the kernel's business by then. */
static void mix_control(void)
{
    mix(control() & 0x0080007c);
}

#define PER_OPERATION(name, body)                                                                 \
    static void name(u32 mode)                                                                    \
    {                                                                                             \
        int i;                                                                                    \
        for (i = 0; i < COUNT; i++) {                                                             \
            body                                                                                  \
        }                                                                                         \
    }

#define BINARY_DOUBLE(name, instruction)                                                          \
    PER_OPERATION(name, union wide a; union wide b; union wide c; a.bits = operand(1);            \
                  b.bits = operand(1); begin(mode);                                               \
                  __asm__ volatile(instruction " %0, %1, %2" : "=&f"(c.number)                    \
                                   : "f"(a.number), "f"(b.number));                               \
                  mix_control(); mix((u32)c.bits); mix((u32)(c.bits >> 32));)
#define BINARY_SINGLE(name, instruction)                                                          \
    PER_OPERATION(name, union narrow a; union narrow b; union narrow c;                           \
                  a.bits = (u32)operand(0); b.bits = (u32)operand(0); begin(mode);                \
                  __asm__ volatile(instruction " %0, %1, %2" : "=&f"(c.number)                    \
                                   : "f"(a.number), "f"(b.number));                               \
                  mix_control(); mix(c.bits);)
#define UNARY(name, instruction, from, from_double, to, finish)                                   \
    PER_OPERATION(name, union from a; union to c; a.bits = operand(from_double); begin(mode);     \
                  __asm__ volatile(instruction " %0, %1" : "=&f"(c.number) : "f"(a.number));      \
                  mix_control(); mix((u32)c.bits); finish)
#define COMPARE(name, instruction, from, from_double)                                             \
    PER_OPERATION(name, union from a; union from b; a.bits = operand(from_double);                \
                  b.bits = (random32() & 7) == 0 ? a.bits : operand(from_double); begin(mode);    \
                  __asm__ volatile(instruction " %0, %1" : : "f"(a.number), "f"(b.number));       \
                  mix_control();)
#define HIGH_WORD mix((u32)((u64)c.bits >> 32));

BINARY_DOUBLE(add_d, "add.d")
BINARY_DOUBLE(sub_d, "sub.d")
BINARY_DOUBLE(mul_d, "mul.d")
BINARY_DOUBLE(div_d, "div.d")
BINARY_SINGLE(add_s, "add.s")
BINARY_SINGLE(sub_s, "sub.s")
BINARY_SINGLE(mul_s, "mul.s")
BINARY_SINGLE(div_s, "div.s")
UNARY(abs_d, "abs.d", wide, 1, wide, HIGH_WORD)
UNARY(neg_d, "neg.d", wide, 1, wide, HIGH_WORD)
UNARY(mov_d, "mov.d", wide, 1, wide, HIGH_WORD)
UNARY(abs_s, "abs.s", narrow, 0, narrow, )
UNARY(neg_s, "neg.s", narrow, 0, narrow, )
UNARY(cvt_s_d, "cvt.s.d", wide, 1, narrow, )
UNARY(cvt_d_s, "cvt.d.s", narrow, 0, wide, HIGH_WORD)
UNARY(cvt_w_d, "cvt.w.d", wide, 1, narrow, )
UNARY(cvt_w_s, "cvt.w.s", narrow, 0, narrow, )
UNARY(cvt_s_w, "cvt.s.w", narrow, 0, narrow, )
UNARY(cvt_d_w, "cvt.d.w", narrow, 0, wide, HIGH_WORD)
COMPARE(c_f_d, "c.f.d", wide, 1)
COMPARE(c_un_d, "c.un.d", wide, 1)
COMPARE(c_eq_d, "c.eq.d", wide, 1)
COMPARE(c_ueq_d, "c.ueq.d", wide, 1)
COMPARE(c_olt_d, "c.olt.d", wide, 1)
COMPARE(c_ole_d, "c.ole.d", wide, 1)
COMPARE(c_lt_d, "c.lt.d", wide, 1)
COMPARE(c_ngt_d, "c.ngt.d", wide, 1)
COMPARE(c_eq_s, "c.eq.s", narrow, 0)
COMPARE(c_ult_s, "c.ult.s", narrow, 0)
COMPARE(c_le_s, "c.le.s", narrow, 0)

static const struct {
    const char *name;
    void (*run)(u32 mode);
} operations[] = {
#define ENTRY(name) {#name, name}
    ENTRY(add_d),   ENTRY(sub_d),   ENTRY(mul_d),   ENTRY(div_d),   ENTRY(add_s),   ENTRY(sub_s),  ENTRY(mul_s),
    ENTRY(div_s),   ENTRY(abs_d),   ENTRY(neg_d),   ENTRY(mov_d),   ENTRY(abs_s),   ENTRY(neg_s),  ENTRY(cvt_s_d),
    ENTRY(cvt_d_s), ENTRY(cvt_w_d), ENTRY(cvt_w_s), ENTRY(cvt_s_w), ENTRY(cvt_d_w), ENTRY(c_f_d),  ENTRY(c_un_d),
    ENTRY(c_eq_d),  ENTRY(c_ueq_d), ENTRY(c_olt_d), ENTRY(c_ole_d), ENTRY(c_lt_d),
    ENTRY(c_ngt_d), ENTRY(c_eq_s),
    ENTRY(c_ult_s), ENTRY(c_le_s),
};

int main(int argc, char **argv)
{
    u32 i, mode;
    is_awkward = argc > 1 && strcmp(argv[argc - 1], "awkward") == 0;
    for (i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        for (mode = 0; mode < 4; mode++) {
            state = 0x2545f491 + i * 0x9e3779b9u;
            checksum = 0;
            operations[i].run(mode);
            text("ARITHMETIC ");
            text(operations[i].name);
            text(" ");
            text(&"0\0001\0002\0003"[2 * mode]);
            text(" ");
            hex(checksum);
            end_line();
        }
    }
    text("ARITHMETIC done");
    end_line();
    if (getpid() == 1) {
        ioctl(1, TCSBRK, (void *)1); /* tcdrain */
        reboot(LINUX_REBOOT_CMD_HALT);
    }
    return 0;
}
