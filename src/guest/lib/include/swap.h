/*
 * The agreement between library OSes and swap servers; Aegis knows nothing of it.
 *
 * To submit, an environment sends the server (asynchronous transfer) SWAP_SUBMIT, the number of a
 * guaranteed mapping that it does not use, the offset in its upage of a word that is 0, and the tag
 * of a capability of control of itself. Then it waits (`wait`) on that word, using nothing but
 * guaranteed memory. When its exported record says so, the server stops it and takes its pages.
 *
 * When it runs again, every page that it owned holds what it held, perhaps under another name.
 * Guaranteed mappings, exception handlers and the save area of the FPU are as they were; the word is
 * the number of its pages; at the guaranteed mapping, for reading, is a list of them, old name << 16
 * | new name, in the order of old names, until it removes that mapping. Slices, lines, extents, tiles
 * and bindings of others' pages were never taken; what it had named its own pages for to Aegis or to
 * others (rings, handlers, capabilities) is void.
 *
 * SWAP_RETURN and an envid asks for an environment back. The machine owner may, its parent, and
 * whoever controls it. The server brings others back when there is room.
 */
#ifndef LIB_SWAP_H
#define LIB_SWAP_H

#define SWAP_SUBMIT 1u
#define SWAP_RETURN 2u
#define SWAP_OPERATION 0xffu
#define SWAP_MAPPING_SHIFT 8
#define SWAP_MAPPING(words) ((words) >> SWAP_MAPPING_SHIFT & 0xff)
#define SWAP_WORD_SHIFT 16
#define SWAP_WORD(words) ((words) >> SWAP_WORD_SHIFT)
#define SWAP_PAGES_MAX 1024u /* of one environment: the list is one page */

#endif
