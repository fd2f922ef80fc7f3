/*
 * Inspection and sandboxing of downloaded handlers (SOSP'95 section 5.5.2, after Deutsch and Grant
 * 1971 and Wahbe et al. 1993). Only instructions on a list get in: integer arithmetic, loads and
 * stores, branches, `j`, `jr ra` as the end, `syscall` as a call of a helper. What comes out is
 * another program, which alone runs:
 *
 * - a load or store becomes four instructions that bring its address into the handler's page,
 *   whatever the register held;
 * - arithmetic that traps becomes arithmetic that does not;
 * - before a branch backwards the instructions of the loop are taken off the budget in k1, so that
 *   a run is bounded by its budget and the length of the code;
 * - branches lead to the places of instructions, never between the parts of one, never into a delay
 *   slot; a load or store in a delay slot moves before its branch.
 */
#include "ash.h"
#include "abi.h"
#include "assert.h"

enum { ZERO, AT = 1, K0 = 26, K1, RA = 31 };
enum { SPECIAL, REGIMM, J, JAL, BEQ, BNE, BLEZ, BGTZ };
enum { ADDI = 8, ADDIU, SLTI, SLTIU, ANDI, ORI, XORI, LUI };
enum { LB = 0x20, LH, LWL, LW, LBU, LHU, LWR, SB = 0x28, SH, SWL, SW, SWR = 0x2e };
enum { JR = 0x08, SYSCALL = 0x0c, ADD = 0x20, ADDU, SUB, SUBU };

#define OP(w) ((w) >> 26)
#define RS(w) ((w) >> 21 & 31)
#define RT(w) ((w) >> 16 & 31)
#define RD(w) ((w) >> 11 & 31)
#define SHIFT(w) ((w) >> 6 & 31)
#define FUNCTION(w) ((w) & 63)
#define ENCODE_I(op, rs, rt, immediate)                                                            \
    ((uint32_t)(op) << 26 | (uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 | ((immediate) & 0xffffu))
#define ENCODE_ADDU(rd, rs, rt)                                                                    \
    ((uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 | (uint32_t)(rd) << 11 | ADDU)
#define ENCODE_J(op, address) ((uint32_t)(op) << 26 | ((address) >> 2 & 0x03ffffffu))
#define NOP 0u

#define MEMORY_WORDS 4u  /* of a load or store */
#define BUDGET_WORDS 3u  /* before a branch backwards */
#define TAIL_WORDS 4u    /* behind the last instruction */

enum kind { REFUSED, PLAIN, MEMORY, BRANCH, JUMP, END, HELPER };

typedef void entry_point(void);
extern entry_point ash_return, ash_abort, ash_past, ash_helper_load, ash_helper_copy,
    ash_helper_copy_sum, ash_helper_send, ash_helper_wake;
static entry_point *const helpers[] = {
    [AEGIS_ASH_LOAD] = ash_helper_load, [AEGIS_ASH_COPY] = ash_helper_copy,
    [AEGIS_ASH_COPY_SUM] = ash_helper_copy_sum, [AEGIS_ASH_SEND] = ash_helper_send,
    [AEGIS_ASH_WAKE] = ash_helper_wake,
};

/* The program being rewritten. */
static const uint32_t *source;
static uint32_t count, origin;
static uint16_t place[AEGIS_ASH_INSTRUCTIONS + 1]; /* of an instruction in the new code */
static uint16_t cost[AEGIS_ASH_INSTRUCTIONS + 1];  /* of all before it, in instructions' time */
static uint32_t *out, written;

/* Registers that a handler may name. */
static inline int is_free(uint32_t reg)
{
    return reg != AT && reg != K0 && reg != K1 && reg != RA;
}

static enum kind special_kind(uint32_t w)
{
    uint32_t f = FUNCTION(w), rs = RS(w), rt = RT(w), rd = RD(w), shift = SHIFT(w);
    if (f == JR)
        return w == ((uint32_t)RA << 21 | JR) ? END : REFUSED;
    if (f == SYSCALL) {
        uint32_t helper = w >> 6 & 0xfffff;
        return helper >= AEGIS_ASH_LOAD && helper <= AEGIS_ASH_WAKE ? HELPER : REFUSED;
    }
    if (!is_free(rs) || !is_free(rt) || !is_free(rd))
        return REFUSED;
    if (f == 0x00 || f == 0x02 || f == 0x03) /* sll srl sra */
        return rs == 0 ? PLAIN : REFUSED;
    if (shift != 0)
        return REFUSED;
    if (f == 0x04 || f == 0x06 || f == 0x07 || (f >= ADD && f <= 0x27) || f == 0x2a || f == 0x2b)
        return PLAIN;
    if (f == 0x10 || f == 0x12) /* mfhi mflo */
        return rs == 0 && rt == 0 ? PLAIN : REFUSED;
    if (f == 0x11 || f == 0x13) /* mthi mtlo */
        return rt == 0 && rd == 0 ? PLAIN : REFUSED;
    if (f >= 0x18 && f <= 0x1b) /* mult multu div divu */
        return rd == 0 ? PLAIN : REFUSED;
    return REFUSED;
}

static enum kind kind_of(uint32_t w)
{
    uint32_t op = OP(w);
    if (op == SPECIAL)
        return special_kind(w);
    if (op == J)
        return JUMP;
    if (op == REGIMM) /* bltz bgez; those that link are not */
        return is_free(RS(w)) && RT(w) <= 1 ? BRANCH : REFUSED;
    if (!is_free(RS(w)))
        return REFUSED;
    if (op == BLEZ || op == BGTZ)
        return RT(w) == 0 ? BRANCH : REFUSED;
    if (!is_free(RT(w)))
        return REFUSED;
    if (op == BEQ || op == BNE)
        return BRANCH;
    if (op == LUI)
        return RS(w) == 0 ? PLAIN : REFUSED;
    if (op >= ADDI && op <= XORI)
        return PLAIN;
    if ((op >= LB && op <= LWR) || (op >= SB && op <= SW) || op == SWR)
        return MEMORY;
    return REFUSED;
}

static inline int has_slot(enum kind kind)
{
    return kind == BRANCH || kind == JUMP || kind == END;
}

/* Where instruction i branches to, as an index; not below `count` when outside. */
static uint32_t target_of(uint32_t i)
{
    uint32_t w = source[i];
    if (OP(w) == J)
        return ((w & 0x03ffffffu) - (origin >> 2 & 0x03ffffffu)) & 0x03ffffffu;
    return i + 1 + (uint32_t)(int32_t)(int16_t)w;
}

/* A load in a delay slot may not change what its branch looks at, for it will run before it. */
static int slot_is_good(uint32_t branch, uint32_t slot)
{
    enum kind kind = kind_of(slot);
    uint32_t reg = RT(slot);
    if (kind == PLAIN)
        return 1;
    if (kind != MEMORY)
        return 0;
    if (OP(slot) >= SB || OP(branch) == SPECIAL || OP(branch) == J)
        return 1;
    return reg == 0 || (reg != RS(branch) && (OP(branch) == REGIMM || reg != RT(branch)));
}

static int is_slot(uint32_t i)
{
    return i > 0 && has_slot(kind_of(source[i - 1]));
}

/* First pass: every instruction is allowed; the number of words that become of it. */
static uint32_t inspect(uint32_t i)
{
    uint32_t w = source[i], target, words;
    enum kind kind = kind_of(w);
    switch (kind) {
    case PLAIN:
        return 1;
    case HELPER:
        return 2;
    case MEMORY:
        return MEMORY_WORDS;
    case BRANCH:
    case JUMP:
    case END:
        if (i + 1 >= count || !slot_is_good(w, source[i + 1]))
            return 0;
        words = 1;
        if (kind_of(source[i + 1]) == MEMORY)
            words += 1; /* moved before it; a nop behind */
        if (kind == END)
            return words;
        target = target_of(i);
        if (target >= count || is_slot(target))
            return 0;
        return target <= i ? words + BUDGET_WORDS : words;
    default:
        return 0;
    }
}

/* What an instruction takes besides: a division waits for 35 cycles, a multiplication for 12. */
static uint32_t wait_of(uint32_t w)
{
    uint32_t f = FUNCTION(w);
    if (OP(w) != SPECIAL || f < 0x18 || f > 0x1b)
        return 0;
    return f >= 0x1a ? 35 : 12;
}

static inline void put(uint32_t word)
{
    out[written++] = word;
}

/* The address brought into the page: k0 + (register + offset) mod 4096, aligned. */
static void put_memory(uint32_t w)
{
    uint32_t op = OP(w), mask = AEGIS_PAGE_SIZE - 1;
    if (op == LW || op == SW)
        mask &= ~3u;
    else if (op == LH || op == LHU || op == SH)
        mask &= ~1u;
    put(ENCODE_I(ADDIU, RS(w), AT, w));
    put(ENCODE_I(ANDI, AT, AT, mask));
    put(ENCODE_ADDU(AT, AT, K0));
    put(ENCODE_I(op, AT, RT(w), 0));
}

static void put_plain(uint32_t w)
{
    if (OP(w) == SPECIAL && (FUNCTION(w) == ADD || FUNCTION(w) == SUB))
        w |= 1; /* addu, subu */
    else if (OP(w) == ADDI)
        w ^= (uint32_t)(ADDI ^ ADDIU) << 26;
    put(w);
}

/* A branch of any kind with its delay slot. `tail`: where the way to the abort begins. */
static void put_branch(uint32_t i, uint32_t tail)
{
    uint32_t w = source[i], slot = source[i + 1];
    enum kind kind = kind_of(w);
    int is_moved = kind_of(slot) == MEMORY;
    if (is_moved)
        put_memory(slot);
    if (kind == END) {
        put(ENCODE_J(J, (uint32_t)ash_return));
    } else {
        uint32_t target = place[target_of(i)];
        if (target_of(i) <= i) {
            put(ENCODE_I(ADDIU, K1, K1, -(cost[i + 2] - cost[target_of(i)])));
            put(ENCODE_I(REGIMM, K1, 0, tail - (written + 1)));
            put(NOP);
        }
        target -= written + 1;
        w = kind == JUMP ? ENCODE_I(BEQ, ZERO, ZERO, 0) : w & 0xffff0000u;
        put(w | (target & 0xffffu));
    }
    if (is_moved)
        put(NOP);
    else
        put_plain(slot);
}

int32_t ash_sandbox(const uint32_t *from, uint32_t from_count, uint32_t from_origin, uint32_t *code,
                    uint32_t room, uint32_t *time_or_bad)
{
    uint32_t at = 0, waits = 0, i;
    source = from;
    count = from_count;
    origin = from_origin;
    out = code;
    written = 0;
    for (i = 0; i < count; i++) {
        uint32_t words = inspect(i);
        place[i] = (uint16_t)at;
        cost[i] = (uint16_t)(at + waits);
        at += words;
        waits += wait_of(source[i]);
        if (words == 0 || at + TAIL_WORDS > room) {
            *time_or_bad = i;
            return -1;
        }
    }
    place[count] = (uint16_t)at;
    cost[count] = (uint16_t)(at + waits);
    for (i = 0; i < count; i++) {
        enum kind kind = kind_of(source[i]);
        ASSERT(written == place[i]);
        if (has_slot(kind)) {
            put_branch(i, at + 2);
            i++;
        } else if (kind == HELPER) {
            put(ENCODE_J(JAL, (uint32_t)helpers[source[i] >> 6 & 0xfffff]));
            put(NOP);
        } else if (kind == MEMORY) {
            put_memory(source[i]);
        } else {
            put_plain(source[i]);
        }
    }
    ASSERT(written == at);
    put(ENCODE_J(J, (uint32_t)ash_past)); /* nobody gets past the end */
    put(NOP);
    put(ENCODE_J(J, (uint32_t)ash_abort));
    put(NOP);
    *time_or_bad = cost[count] + TAIL_WORDS;
    return (int32_t)written;
}
