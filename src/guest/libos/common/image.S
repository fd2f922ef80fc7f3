/*
 * The first bytes of a library OS image: its header (see abi.h, exo_image_header) and the vector of
 * calls, one `j function; nop` per call number. Sizes come from link/libos.ld, the name from the
 * library OS's own name.S.
 */
#include "layout.h"

    .set noreorder
    .section .libos.header, "a"
    .word EXO_IMAGE_MAGIC
    .word EXO_INTERFACE_VERSION
    .word __image_start
    .word __text_size
    .word __data_size
    .word __bss_size
    .word EXO_VECTOR_BASE
    .word EXO_VECTOR_COUNT
    .word __guaranteed_offset
    .word __guaranteed_size
    .word G_TEXT
    .word G_DATA
    .word table_data_count
    .word slice_start
    .word slice_end
    .word 0 /* repossession: found by slice_start among the pending upcalls */
    .word scall_entry
    .word scall_entry
    .word tlb_modified_handler
    .word tlb_load_handler
    .word tlb_store_handler
    .word exception_handler
    .word libos_name_word0
    .word libos_name_word1
    .word libos_name_word2
    .word libos_name_word3
    .word boot
    .space 20

    .section .libos.vector, "ax"
#include <generated/library-vector.h>
