/*
 * The map of the network part: the interface's driver (lance.c), frames in and out (network.c),
 * packet filters (filter.c and its three parts), application-specific handlers (ash.c and its
 * parts). Only lance.c knows the chip and how the board lays frames out; `frame_place` is the rest
 * of it.
 */
#ifndef AEGIS_NETWORK_H
#define AEGIS_NETWORK_H

#include <stdint.h>
#include "abi.h"

/*
 * 128 KB on a boundary of 128 KB, as the IOASIC wants it for the LANCE, which uses the lower half.
 * Code made at run time lies in the upper one, away from the kernel's hot paths in the instruction
 * cache.
 */
#define NETWORK_REGION 0x000c0000u
#define NETWORK_ASH_CODE 0x000d4000u
#define NETWORK_ASH_CODE_BYTES 4096u
#define NETWORK_CLASSIFIER 0x000dc000u
#define NETWORK_CLASSIFIER_BYTES 8192u
#define NETWORK_REGION_END 0x000e0000u

#define filters ((struct aegis_filter *)(KSEG0 + AEGIS_EXPORT_FILTERS))
#define ashs ((struct aegis_ash *)(KSEG0 + AEGIS_EXPORT_ASHS))
#define network ((struct aegis_network *)(KSEG0 + AEGIS_EXPORT_NETWORK))

/* A word of a structure that is copied or cleared as a whole. */
typedef uint32_t __attribute__((may_alias)) raw_word;

/*
 * Where byte `offset` of a frame lies behind the frame's first byte: the IOASIC leaves 16 bytes
 * free after each 16. A word-aligned word is in one piece.
 */
static inline uint32_t frame_place(uint32_t offset)
{
    return offset + (offset & ~15u);
}
#define FRAME_LAYOUT 16u
#define FRAME_WORD 4u /* largest piece that is always contiguous */

/* lance.c. Addresses are in kseg1, or in kseg0 where the kernel had to copy. */
int lance_init(uint8_t station[6]);
/* Causes of the interrupt, acknowledged. */
uint32_t lance_acknowledge(void);
#define LANCE_MISSED 0x1000u
#define LANCE_SENT 0x0200u
/* The oldest frame received and its bytes without check sequence; 0: none. Damaged ones count. */
uint32_t lance_receive(uint32_t *length);
void lance_release(void);
/* A free transmit buffer, 0: none; then sends it. */
uint32_t lance_transmit_buffer(void);
void lance_transmit(uint32_t length);

/* network.c. */
void network_init(void);
/* True when frames may be left from the last time: then there will be no request for them. */
extern char network_is_behind;
/* True when somebody may have been woken. */
int network_interrupt(void);
/* Copies `bytes` (offset a multiple of 4) out of a frame, or memory into one. */
void frame_read(uint32_t frame, uint32_t offset, uint32_t *to, uint32_t bytes);
void frame_write(uint32_t frame, uint32_t offset, const uint8_t *from, uint32_t bytes);
/* True when a page is still what was bound: its epoch, and the writer bit of `slot_mask`. */
int network_page_holds(uint32_t page, uint32_t epoch, uint32_t slot_mask);
/* The source address and the padding of a frame that is in a transmit buffer; sends it. */
void network_finish_frame(uint32_t frame, uint32_t length);
int network_length_is_good(uint32_t length);
int32_t call_packet_send(uint32_t address, uint32_t bytes, uint32_t address2, uint32_t bytes2);

/*
 * filter-form.c: a filter in the form that is merged and compiled. Pieces are aligned loads; byte
 * order is memory's. Static pieces count from the frame's start, those behind a shift from the base
 * that it made.
 */
#define FILTER_PIECES 12u
struct filter_piece {
    uint8_t kind; /* AEGIS_ATOM_* */
    uint8_t size;
    uint8_t right, left;
    uint16_t offset;
    uint16_t end; /* last byte that counts, plus 1 */
    uint32_t mask;
    uint32_t value; /* of a shift: what is added besides */
};
struct filter_form {
    uint32_t count;
    struct filter_piece piece[FILTER_PIECES];
};
/* 0; -E_RANGE: the atoms are no filter, or contradict each other; -E_NONE: too many loads. */
int32_t filter_form_make(struct filter_form *form, const struct aegis_atom *atoms, uint32_t count);
/* False only when no frame can satisfy both. */
int filter_forms_overlap(const struct filter_form *a, const struct filter_form *b);

/* filter-trie.c: all filters merged. Node 0 is no node. */
#define TRIE_NODES 512u
#define TRIE_ACCEPT 0xffu
struct trie_node {
    struct filter_piece piece; /* of an edge only `value`; kind TRIE_ACCEPT: size = filter */
    uint32_t members[2];       /* filters below a test */
    uint16_t next;             /* alternative after this one, or next edge */
    uint16_t child;            /* of a test: first edge; of an edge: first alternative */
};
extern struct trie_node trie_nodes[TRIE_NODES];
/* First alternative of the root; returns -E_NONE when there are more nodes than room. */
int32_t trie_build(uint16_t *root, uint32_t *node_count);

/* filter-code.c: the trie as MIPS code; instructions, or -E_NONE when it does not fit. */
int32_t filter_compile(uint16_t root);
/* Filter that claims the frame of `length` bytes at `frame`, or -1. */
typedef int32_t filter_classifier(uint32_t frame, uint32_t length);
#define filter_classify ((filter_classifier *)(KSEG0 + NETWORK_CLASSIFIER))

/* filter.c. */
extern struct filter_form filter_forms[AEGIS_FILTER_COUNT];
extern uint32_t filter_overlaps[AEGIS_FILTER_COUNT][2];
void filter_init(void);
void filter_forget(uint32_t envid, uint32_t slot_mask);
int32_t call_filter_install(uint32_t address, uint32_t count, uint32_t flags);
int32_t call_filter_remove(uint32_t filter);
int32_t call_filter_ring(uint32_t filter, uint32_t index, uint32_t page);
int32_t call_filter_handler(uint32_t filter, uint32_t ash);

/* ash.c, ash-sandbox.c. */
void ash_forget(uint32_t envid);
int32_t call_ash_download(uint32_t address, uint32_t count, uint32_t origin);
int32_t call_ash_remove(uint32_t ash);
int32_t call_ash_page(uint32_t ash, uint32_t index, uint32_t page);

/* trace.c. */
void trace_filter_install(uint32_t envid, uint32_t filter, uint32_t atoms, uint32_t instructions);
void trace_filter_refuse(uint32_t envid, uint32_t error, uint32_t filter);
void trace_filter_remove(uint32_t envid, uint32_t filter, uint32_t taken);
void trace_packet_drop(uint32_t envid, uint32_t filter, uint32_t bytes);
void trace_ash_download(uint32_t envid, uint32_t ash, uint32_t source, uint32_t code);
void trace_ash_refuse(uint32_t envid, uint32_t index, uint32_t word);
void trace_ash_abort(uint32_t envid, uint32_t ash, uint32_t reason);

#endif
