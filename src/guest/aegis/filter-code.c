/*
 * Packet filters, third part: from the trie to MIPS code (DPF, SIGCOMM'96). The code is position
 * independent, so that an application can read, copy and time it: a0 = frame, a1 = its bytes;
 * result in v0, the filter or -1. It loops nowhere, visits each node at most once and loads
 * nothing beyond the frame: offsets below the shortest frame need no check, others are compared
 * with a1, once on a path where the base stands still.
 *
 * A test with a constant offset is a load (in the delay slot of the branch before it), the
 * constant and a branch: 4 instructions; values of one test are searched by halves. Registers: t0
 * field, t1 constant, t2 mask and address, t3 -16, t4.. bases made by shifts.
 */
#include "network.h"
#include "aegis.h"

#define CODE ((uint32_t *)(KSEG0 + NETWORK_CLASSIFIER))
#define CODE_WORDS (NETWORK_CLASSIFIER_BYTES / 4)
#define FLUSH_UNIT 64u

enum { ZERO, V0 = 2, A0 = 4, A1, T0 = 8, T1, T2, T3, BASES, RA = 31 };
enum { ADDIU = 0x09, SLTIU = 0x0b, ANDI, ORI, LUI = 0x0f, LW = 0x23, LBU, LHU };
enum { SLL = 0, SRL = 2, JR = 8, ADDU = 0x21, AND = 0x24, SLTU = 0x2b };
enum { BEQ = 4, BNE = 5 };
#define NOP 0u

/* What holds where a list of alternatives begins. */
struct point {
    uint16_t node;
    uint16_t fail;    /* node to go on at; 0: no filter claims the frame */
    uint16_t checked; /* the frame is known to have so many bytes from the base on */
    uint8_t base;     /* register, 0: the frame's start */
    uint8_t is_loaded;
};

#define WORK 256u
#define LINEAR 3u /* values that are compared one by one */

static struct point work[WORK];
static uint32_t work_count;
static uint32_t count; /* instructions so far; CODE_WORDS: no more room */
static uint16_t labels[TRIE_NODES]; /* of a node: its first instruction, plus 1 */
static uint32_t is_branch[CODE_WORDS / 32]; /* bit per instruction whose displacement is a node */

static void emit(uint32_t word)
{
    if (count < CODE_WORDS)
        CODE[count++] = word;
}

static inline void emit_i(uint32_t op, uint32_t rs, uint32_t rt, uint32_t immediate)
{
    emit(op << 26 | rs << 21 | rt << 16 | (immediate & 0xffff));
}

static inline void emit_r(uint32_t function, uint32_t rs, uint32_t rt, uint32_t rd, uint32_t shift)
{
    emit(rs << 21 | rt << 16 | rd << 11 | shift << 6 | function);
}

/* A branch to a node's code; its displacement is filled in at the end. */
static void emit_branch(uint32_t op, uint32_t rs, uint32_t rt, uint32_t node)
{
    if (count < CODE_WORDS)
        is_branch[count / 32] |= 1u << count % 32;
    emit_i(op, rs, rt, node);
}

/* Register with a constant: zero, or t1 made by one or two instructions. */
static uint32_t emit_constant(uint32_t value, uint32_t rt)
{
    if (value == 0)
        return ZERO;
    if (value <= 0xffff) {
        emit_i(ORI, ZERO, rt, value);
        return rt;
    }
    emit_i(LUI, ZERO, rt, value >> 16);
    if (value & 0xffff)
        emit_i(ORI, rt, rt, value);
    return rt;
}

static uint32_t load_op(uint32_t size)
{
    return size == 4 ? LW : size == 2 ? LHU : LBU;
}

static kernel_bool needs_check(const struct filter_piece *piece, const struct point *point)
{
    return piece->end > point->checked;
}

/* Loads a test's field into t0, with the check of the length where one is needed. */
static void emit_load(const struct filter_piece *piece, struct point *point, uint32_t fail)
{
    if (point->base == 0) {
        if (needs_check(piece, point)) {
            emit_i(SLTIU, A1, T1, piece->end);
            emit_branch(BNE, T1, ZERO, fail);
            point->checked = piece->end;
        }
        emit_i(load_op(piece->size), A0, T0, frame_place(piece->offset));
        return;
    }
    if (needs_check(piece, point)) {
        emit_i(ADDIU, point->base, T2, piece->end);
        emit_r(SLTU, A1, T2, T1, 0);
        emit_branch(BNE, T1, ZERO, fail);
        point->checked = piece->end;
    }
    emit_i(ADDIU, point->base, T2, piece->offset);
    emit_r(AND, T2, T3, T1, 0);
    emit_r(ADDU, T2, T1, T2, 0);
    emit_r(ADDU, T2, A0, T2, 0);
    emit_i(load_op(piece->size), T2, T0, 0);
}

static uint32_t full_mask(uint32_t size)
{
    return size == 4 ? 0xffffffffu : (1u << (8 * size)) - 1;
}

/* Masks t0 where the load brought more than counts. `is_late`: the load's delay is over. */
static void emit_mask(const struct filter_piece *piece, kernel_bool is_late)
{
    uint32_t mask = piece->mask;
    if (mask != full_mask(piece->size) && mask > 0xffff) {
        emit_constant(mask, T2);
        emit_r(AND, T0, T2, T0, 0);
        return;
    }
    if (!is_late)
        emit(NOP);
    if (mask != full_mask(piece->size))
        emit_i(ANDI, T0, T0, mask);
}

static void push(uint32_t node, uint32_t fail, const struct point *from)
{
    if (work_count == WORK) {
        count = CODE_WORDS;
        return;
    }
    work[work_count] = *from;
    work[work_count].node = (uint16_t)node;
    work[work_count].fail = (uint16_t)fail;
    work[work_count].is_loaded = 0;
    work_count++;
}

/* One value: the load of the test below goes into the branch's delay slot where that may be. */
static void emit_single(const struct trie_node *test, struct point *point, uint32_t fail)
{
    const struct trie_node *edge = &trie_nodes[test->child], *below = &trie_nodes[edge->child];
    uint32_t constant = emit_constant(edge->piece.value, T1);
    emit_mask(&test->piece, constant != ZERO);
    emit_branch(BNE, T0, constant, fail);
    push(edge->child, fail, point);
    if (below->piece.kind != TRIE_ACCEPT && point->base == 0 &&
        !needs_check(&below->piece, point)) {
        emit_load(&below->piece, point, fail);
        if (work_count > 0)
            work[work_count - 1].is_loaded = 1;
    } else {
        emit(NOP);
    }
}

static uint16_t sorted[AEGIS_FILTER_COUNT];

/*
 * Several values, sorted: halves until few are left, then one comparison each. Ranges that wait are
 * kept in `ranges`; a forward branch into one is patched when it is reached.
 */
static void emit_search(uint32_t edges, const struct point *point, uint32_t fail)
{
    struct {
        uint8_t low, high;
        uint16_t from; /* branch that leads here, plus 1; 0: falls through */
    } ranges[8];
    uint32_t waiting = 1;
    ranges[0].low = 0;
    ranges[0].high = (uint8_t)edges;
    ranges[0].from = 0;
    while (waiting > 0 && count < CODE_WORDS) {
        uint32_t low = ranges[--waiting].low, high = ranges[waiting].high;
        if (ranges[waiting].from)
            CODE[ranges[waiting].from - 1] |= (count - ranges[waiting].from) & 0xffff;
        if (high - low <= LINEAR) {
            for (uint32_t i = low; i < high; i++) {
                const struct trie_node *edge = &trie_nodes[sorted[i]];
                uint32_t constant = emit_constant(edge->piece.value, T1);
                kernel_bool is_last = waiting == 0 && i + 1 == high;
                if (is_last) /* what it leads to comes next */
                    emit_branch(BNE, T0, constant, fail);
                else
                    emit_branch(BEQ, T0, constant, edge->child);
                /* The next constant, which is not 0, takes the delay slot. */
                if (i + 1 == high)
                    emit(NOP);
                push(edge->child, fail, point);
            }
            if (waiting == 0)
                break;
            emit_branch(BEQ, ZERO, ZERO, fail);
            emit(NOP);
        } else {
            uint32_t middle = (low + high) / 2;
            emit_constant(trie_nodes[sorted[middle]].piece.value, T1);
            emit_r(SLTU, T0, T1, T2, 0);
            ASSERT(waiting + 2 <= 8);
            ranges[waiting].low = (uint8_t)low; /* below: branched to, reached last */
            ranges[waiting].high = (uint8_t)middle;
            ranges[waiting].from = (uint16_t)(count + 1);
            waiting++;
            emit_i(BNE, T2, ZERO, 0);
            emit(NOP);
            ranges[waiting].low = (uint8_t)middle;
            ranges[waiting].high = (uint8_t)high;
            ranges[waiting].from = 0;
            waiting++;
        }
    }
}

/* Sorts the edges of a test by value; their number. */
static uint32_t sort_edges(const struct trie_node *test)
{
    uint32_t n = 0;
    for (uint32_t edge = test->child; edge != 0; edge = trie_nodes[edge].next) {
        uint32_t at = n++, value = trie_nodes[edge].piece.value;
        for (; at > 0 && trie_nodes[sorted[at - 1]].piece.value > value; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = (uint16_t)edge;
    }
    return n;
}

/* A shift: the new base in the next base register. */
static void emit_shift(const struct trie_node *test, struct point *point, uint32_t fail)
{
    const struct filter_piece *piece = &test->piece;
    uint32_t base = point->base ? point->base + 1u : BASES;
    emit(NOP);
    if (piece->mask != 0xff)
        emit_i(ANDI, T0, T0, piece->mask);
    if (piece->right)
        emit_r(SRL, ZERO, T0, T0, piece->right);
    if (piece->left)
        emit_r(SLL, ZERO, T0, T0, piece->left);
    if (point->base)
        emit_r(ADDU, T0, point->base, T0, 0);
    emit_i(ADDIU, T0, base, piece->value);
    point->base = (uint8_t)base;
    point->checked = 0;
    push(trie_nodes[test->child].child, fail, point);
}

static void emit_point(struct point point)
{
    const struct trie_node *node = &trie_nodes[point.node];
    uint32_t fail = node->next ? node->next : point.fail, edges;
    labels[point.node] = (uint16_t)(count + 1);
    if (node->piece.kind == TRIE_ACCEPT) {
        emit_r(JR, RA, ZERO, ZERO, 0);
        emit_i(ORI, ZERO, V0, node->piece.size);
        return;
    }
    if (node->next)
        push(node->next, point.fail, &point);
    if (!point.is_loaded)
        emit_load(&node->piece, &point, fail);
    if (node->piece.kind == AEGIS_ATOM_SHIFT) {
        emit_shift(node, &point, fail);
        return;
    }
    edges = sort_edges(node);
    if (edges == 1) {
        emit_single(node, &point, fail);
        return;
    }
    /* The search begins with a constant, unless that is 0. */
    if (node->piece.mask != full_mask(node->piece.size) ||
        (edges <= LINEAR && trie_nodes[sorted[0]].piece.value == 0))
        emit_mask(&node->piece, 0);
    emit_search(edges, &point, fail);
}

static void resolve(void)
{
    for (uint32_t at = 0; at < count; at++) {
        uint32_t node = CODE[at] & 0xffff;
        if (!(is_branch[at / 32] & (1u << at % 32)))
            continue;
        ASSERT(node < TRIE_NODES && labels[node] != 0);
        CODE[at] = (CODE[at] & 0xffff0000u) | ((labels[node] - 1u - (at + 1u)) & 0xffff);
    }
}

/* Only behind a shift an address is worked out. */
static kernel_bool has_shift(void)
{
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++)
        for (uint32_t j = 0; filters[i].owner != 0 && j < filter_forms[i].count; j++)
            if (filter_forms[i].piece[j].kind == AEGIS_ATOM_SHIFT)
                return 1;
    return 0;
}

int32_t filter_compile(uint16_t root)
{
    struct point start = {.checked = AEGIS_FRAME_MIN};
    uint32_t bytes;
    for (uint32_t i = 0; i < TRIE_NODES; i++)
        labels[i] = 0;
    for (uint32_t i = 0; i < CODE_WORDS / 32; i++)
        is_branch[i] = 0;
    count = work_count = 0;
    if (has_shift())
        emit_i(ADDIU, ZERO, T3, -FRAME_LAYOUT);
    if (root != 0)
        push(root, 0, &start);
    while (work_count > 0 && count < CODE_WORDS)
        emit_point(work[--work_count]);
    labels[0] = (uint16_t)(count + 1);
    emit_r(JR, RA, ZERO, ZERO, 0);
    emit_i(ADDIU, ZERO, V0, 0xffff);
    if (count >= CODE_WORDS)
        return -E_NONE;
    resolve();
    bytes = (4 * count + FLUSH_UNIT - 1) & ~(FLUSH_UNIT - 1);
    cache_invalidate(KSEG0 + NETWORK_CLASSIFIER, bytes, CACHE_SWAP);
    return (int32_t)count;
}
