/*
 * Packet filters, first part: from the atoms that an environment wrote to the form that is merged
 * and compiled (SOSP'95 section 5.5.1; DPF, SIGCOMM'96). All equalities that count from one base
 * become a map of bytes, which is cut into the largest aligned loads: how a filter was written does
 * not matter, and filters that ask the same share a prefix. A shift by a field whose value the
 * filter itself fixes is done here. Filters have no loops, and every load is checked against the
 * frame's length by the code that is made from them.
 */
#include "network.h"
#include "aegis.h"

#define SPAN AEGIS_FILTER_SPAN

/* What one base's bytes must be. */
struct byte_map {
    uint8_t mask[SPAN];
    uint8_t value[SPAN];
    uint32_t end; /* bytes from here on are free */
};

static void map_clear(struct byte_map *map)
{
    for (uint32_t i = 0; i < map->end; i++)
        map->mask[i] = map->value[i] = 0;
    map->end = 0;
}

/* Adds a condition on one byte; false when it contradicts what is there. */
static kernel_bool map_add(struct byte_map *map, uint32_t at, uint8_t mask, uint8_t value)
{
    if ((map->mask[at] & mask & (map->value[at] ^ value)) != 0)
        return 0;
    map->mask[at] |= mask;
    map->value[at] |= value & mask;
    if (at >= map->end)
        map->end = at + 1;
    return 1;
}

static inline uint32_t shift_amount(const struct filter_piece *shift, uint32_t field)
{
    return shift->value + ((field & shift->mask) >> shift->right << shift->left);
}

/* Appends one load with its condition; bytes from..from+size-1 of the map. */
static kernel_bool add_load(struct filter_form *form, const struct byte_map *map, uint32_t from,
                            uint32_t size)
{
    struct filter_piece *piece = &form->piece[form->count];
    uint32_t end = 0;
    if (form->count == FILTER_PIECES)
        return 0;
    piece->kind = AEGIS_ATOM_EQUAL;
    piece->size = (uint8_t)size;
    piece->right = piece->left = 0;
    piece->offset = (uint16_t)from;
    piece->mask = piece->value = 0;
    for (uint32_t i = 0; i < size; i++) {
        if (map->mask[from + i] == 0)
            continue;
        piece->mask |= (uint32_t)map->mask[from + i] << (8 * i);
        piece->value |= (uint32_t)map->value[from + i] << (8 * i);
        end = from + i + 1;
    }
    piece->end = (uint16_t)end;
    form->count++;
    return 1;
}

/* True when all bytes of an aligned piece count. */
static kernel_bool all(const struct byte_map *map, uint32_t from, uint32_t size)
{
    for (uint32_t i = from; i < from + size; i++)
        if (i >= SPAN || !map->mask[i])
            return 0;
    return 1;
}

/*
 * Cuts a map into the largest aligned loads of which all bytes count: two loads of 6 instructions
 * are better than one with a mask of 32 bits, and more often the same in several filters. The base
 * is `residue` more than a multiple of `align` (1, 2 or 4).
 */
static kernel_bool cut(struct filter_form *form, const struct byte_map *map, uint32_t residue,
                       uint32_t align)
{
    uint32_t word = align < FRAME_WORD ? align : FRAME_WORD, at = 0;
    while (at < map->end) {
        uint32_t size = word;
        while (size > 1 && ((residue + at) % size != 0 || !all(map, at, size)))
            size /= 2;
        if (map->mask[at] && !add_load(form, map, at, size))
            return 0;
        at += size;
    }
    return 1;
}

/* The largest of 4, 2, 1 that divides x. */
static uint32_t alignment(uint32_t x)
{
    return x & 1 ? 1 : x & 2 ? 2 : 4;
}

static kernel_bool is_atom(const struct aegis_atom *atom)
{
    uint32_t bits = atom->size >= 4 ? 0xffffffffu : (1u << (8 * atom->size)) - 1;
    if (atom->size != 1 && atom->size != 2 && atom->size != 4)
        return 0;
    if (atom->offset >= SPAN || atom->offset + atom->size > SPAN || (atom->mask & ~bits) != 0)
        return 0;
    if (atom->op == AEGIS_ATOM_EQUAL)
        return atom->mask != 0 && (atom->value & ~atom->mask) == 0;
    return atom->op == AEGIS_ATOM_SHIFT && atom->size == 1 && atom->right < 8 && atom->left < 8 &&
           atom->value <= AEGIS_FILTER_MAX_SHIFT &&
           atom->value + (atom->mask >> atom->right << atom->left) <= AEGIS_FILTER_MAX_SHIFT;
}

/* Adds an equality of 1 to 4 bytes in network order. */
static kernel_bool add_equality(struct byte_map *map, uint32_t base, const struct aegis_atom *atom)
{
    if (base + atom->offset + atom->size > SPAN)
        return 0;
    for (uint32_t i = 0; i < atom->size; i++) {
        uint32_t down = 8 * (atom->size - 1u - i);
        uint8_t mask = (uint8_t)(atom->mask >> down);
        if (mask && !map_add(map, base + atom->offset + i, mask, (uint8_t)(atom->value >> down)))
            return 0;
    }
    return 1;
}

int32_t filter_form_make(struct filter_form *form, const struct aegis_atom *atoms, uint32_t count)
{
    static struct byte_map map;
    uint32_t base = 0, residue = 0, align = 4, shifts = 0;
    map_clear(&map);
    form->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct aegis_atom atom = atoms[i];
        struct filter_piece *shift;
        uint32_t at = base + atom.offset, step;
        if (!is_atom(&atom))
            return -E_RANGE;
        if (atom.op == AEGIS_ATOM_EQUAL) {
            if (!add_equality(&map, base, &atom))
                return -E_RANGE;
            continue;
        }
        if (at >= SPAN || ++shifts > AEGIS_FILTER_SHIFTS)
            return -E_RANGE;
        if ((map.mask[at] & atom.mask) == atom.mask) { /* the filter fixes the field */
            base += atom.value + ((map.value[at] & atom.mask) >> atom.right << atom.left);
            continue;
        }
        if (!cut(form, &map, residue, align) || form->count == FILTER_PIECES)
            return -E_NONE;
        shift = &form->piece[form->count++];
        *shift = (struct filter_piece){.kind = AEGIS_ATOM_SHIFT,
                                       .size = 1,
                                       .right = atom.right,
                                       .left = atom.left,
                                       .offset = (uint16_t)at,
                                       .end = (uint16_t)(at + 1),
                                       .mask = atom.mask,
                                       .value = base + atom.value};
        step = alignment(atom.mask >> atom.right << atom.left);
        align = step < align ? step : align;
        residue = (residue + shift->value) % align;
        map_clear(&map);
        base = 0;
    }
    return cut(form, &map, residue, align) ? 0 : -E_NONE;
}

/* One filter on its way through the question below. */
struct walk {
    const struct filter_form *form;
    uint32_t next;
    uint32_t base; /* of the present space */
};

/*
 * Adds what is known of the present space, going through shifts whose field is fixed by now. False:
 * a contradiction. Bytes beyond the map count as free.
 */
static kernel_bool advance(struct walk *walk, struct byte_map *map)
{
    for (; walk->next < walk->form->count; walk->next++) {
        const struct filter_piece *piece = &walk->form->piece[walk->next];
        uint32_t at = walk->base + piece->offset;
        if (piece->kind == AEGIS_ATOM_EQUAL) {
            for (uint32_t i = 0; i < piece->size; i++)
                if ((uint8_t)(piece->mask >> (8 * i)) && at + i < SPAN &&
                    !map_add(map, at + i, (uint8_t)(piece->mask >> (8 * i)),
                             (uint8_t)(piece->value >> (8 * i))))
                    return 0;
            continue;
        }
        if (at >= SPAN || (map->mask[at] & piece->mask) != piece->mask)
            return 1;
        walk->base += shift_amount(piece, map->value[at]);
    }
    return 1;
}

static kernel_bool is_same_shift(const struct walk *a, const struct walk *b)
{
    const struct filter_piece *p = &a->form->piece[a->next], *q = &b->form->piece[b->next];
    return a->base + p->offset == b->base + q->offset && p->mask == q->mask &&
           p->right == q->right && p->left == q->left &&
           a->base + p->value == b->base + q->value;
}

/* The quick answer for most pairs: both load the same place, in front of any shift, and differ. */
static kernel_bool differ_at_once(const struct filter_form *a, const struct filter_form *b)
{
    const struct filter_piece *p = a->piece, *q = b->piece;
    const struct filter_piece *p_end = p + a->count, *q_end = q + b->count;
    while (p < p_end && q < q_end && p->kind == AEGIS_ATOM_EQUAL && q->kind == AEGIS_ATOM_EQUAL) {
        if (p->offset == q->offset && ((p->value ^ q->value) & p->mask & q->mask) != 0)
            return 1;
        if (p->offset <= q->offset)
            p++;
        else
            q++;
    }
    return 0;
}

int filter_forms_overlap(const struct filter_form *a, const struct filter_form *b)
{
    static struct byte_map map;
    struct walk wa = {a, 0, 0}, wb = {b, 0, 0};
    if (differ_at_once(a, b))
        return 0;
    map_clear(&map);
    for (;;) {
        uint32_t before;
        do { /* what one filter fixes may tell how far the other shifts */
            before = wa.next + wb.next;
            if (!advance(&wa, &map) || !advance(&wb, &map))
                return 0;
        } while (wa.next + wb.next != before);
        if (wa.next == a->count || wb.next == b->count || !is_same_shift(&wa, &wb))
            return 1; /* nothing is known to keep them apart */
        wa.next++;
        wb.next++;
        wa.base = wb.base = 0;
        map_clear(&map);
    }
}
