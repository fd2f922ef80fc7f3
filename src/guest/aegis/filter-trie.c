/*
 * Packet filters, second part: all forms merged into one trie (DPF, SIGCOMM'96). A test has one
 * edge for each value that a filter asks for, so that ten filters that differ in a port share
 * everything else. Alternatives are tried in order, and that order is precedence: a filter joins a
 * test only where nothing that it overlaps would be passed over. Made anew whenever the filters
 * change.
 */
#include "network.h"
#include "aegis.h"

struct trie_node trie_nodes[TRIE_NODES];
static uint32_t used;

static uint32_t make_node(void)
{
    struct trie_node *node;
    if (used == TRIE_NODES)
        return 0;
    node = &trie_nodes[used];
    node->members[0] = node->members[1] = 0;
    node->next = node->child = 0;
    return used++;
}

static kernel_bool is_same_test(const struct filter_piece *a, const struct filter_piece *b)
{
    return a->kind == b->kind && a->size == b->size && a->offset == b->offset &&
           a->mask == b->mask &&
           (a->kind == AEGIS_ATOM_EQUAL ||
            (a->right == b->right && a->left == b->left && a->value == b->value));
}

/*
 * The test among the alternatives that a filter may join; 0: none. What stands behind it must have
 * nothing in common with the filter, for it has precedence.
 */
static uint32_t find_test(uint32_t first, const struct filter_piece *piece,
                          const uint32_t *overlaps)
{
    uint32_t found = 0;
    for (uint32_t i = first; i != 0; i = trie_nodes[i].next) {
        const struct trie_node *node = &trie_nodes[i];
        if (is_same_test(&node->piece, piece))
            found = i;
        else if ((node->members[0] & overlaps[0]) || (node->members[1] & overlaps[1]))
            found = 0;
    }
    return found;
}

static void append(uint16_t *first, uint32_t node)
{
    while (*first != 0)
        first = &trie_nodes[*first].next;
    *first = (uint16_t)node;
}

/* The edge of a test for a value, made when there is none; 0: no room. */
static uint32_t edge_for(struct trie_node *test, uint32_t value)
{
    uint32_t edge;
    for (edge = test->child; edge != 0; edge = trie_nodes[edge].next)
        if (test->piece.kind == AEGIS_ATOM_SHIFT || trie_nodes[edge].piece.value == value)
            return edge;
    edge = make_node();
    if (edge == 0)
        return 0;
    trie_nodes[edge].piece.value = value;
    trie_nodes[edge].next = test->child;
    test->child = (uint16_t)edge;
    return edge;
}

static kernel_bool insert(uint16_t *root, uint32_t filter)
{
    const struct filter_form *form = &filter_forms[filter];
    uint16_t *first = root;
    uint32_t node;
    for (uint32_t i = 0; i < form->count; i++) {
        const struct filter_piece *piece = &form->piece[i];
        node = find_test(*first, piece, filter_overlaps[filter]);
        if (node == 0) {
            node = make_node();
            if (node == 0)
                return 0;
            trie_nodes[node].piece = *piece;
            append(first, node);
        }
        trie_nodes[node].members[filter / 32] |= 1u << filter % 32;
        node = edge_for(&trie_nodes[node], piece->value);
        if (node == 0)
            return 0;
        first = &trie_nodes[node].child;
    }
    node = make_node();
    if (node == 0)
        return 0;
    trie_nodes[node].piece.kind = TRIE_ACCEPT;
    trie_nodes[node].piece.size = (uint8_t)filter;
    trie_nodes[node].members[filter / 32] |= 1u << filter % 32;
    append(first, node);
    return 1;
}

/* Filters by precedence, the later ones first, those that come last behind all; their number. */
static uint32_t sort_filters(uint8_t sorted[AEGIS_FILTER_COUNT])
{
    static uint32_t key[AEGIS_FILTER_COUNT];
    uint32_t n = 0;
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++) {
        uint32_t own, at;
        if (filters[i].owner == 0)
            continue;
        own = filters[i].order & 0x7fffffff;
        if (!(filters[i].flags & AEGIS_FILTER_LAST))
            own |= 0x80000000;
        for (at = n++; at > 0 && key[at - 1] < own; at--) {
            key[at] = key[at - 1];
            sorted[at] = sorted[at - 1];
        }
        key[at] = own;
        sorted[at] = (uint8_t)i;
    }
    return n;
}

int32_t trie_build(uint16_t *root, uint32_t *node_count)
{
    static uint8_t sorted[AEGIS_FILTER_COUNT];
    uint32_t n = sort_filters(sorted);
    used = 1;
    *root = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!insert(root, sorted[i]))
            return -E_NONE;
    *node_count = used - 1;
    return 0;
}
